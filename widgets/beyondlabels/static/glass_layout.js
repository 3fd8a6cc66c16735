// A drawing of a graph without cycles, top to bottom: layers by the longest path, crossings fewer by barycentres (Sugiyama,
// Tagawa and Toda, 1981), places by least squares within each layer.

const SWEEPS = 8;
const MOST_BENDS = 20000; // beyond it long edges are drawn straight

/** nodes: [{ key, width, reads: [keys] }] in an order in which everything is read after it is made; `source` and `sink` keep to
    what reads or makes them. Returns { places: Map key -> [x, y], edges: [{ from, to, points }], width, height }. */
export function layered(nodes, { gap = 22, rowHeight = 76, nodeHeight = 46, margin = 16 } = {}) {
  const at = new Map(nodes.map((node, index) => [node.key, index]));
  const reads = nodes.map((node) => [...new Set(node.reads)].map((key) => at.get(key)).filter((index) => index !== undefined));
  const layer = layersOf(nodes, reads);
  const cells = nodes.map((node, index) => ({ width: node.width, layer: layer[index], up: [], down: [] }));
  const edges = connect(cells, reads, layer);
  const rows = [];
  cells.forEach((cell, index) => { (rows[cell.layer] ??= []).push(index); });
  order(rows, cells);
  place(rows, cells, gap);
  const left = Math.min(...cells.map((cell) => cell.x - cell.width / 2));
  const right = Math.max(...cells.map((cell) => cell.x + cell.width / 2));
  const point = (index) => [cells[index].x - left + margin, margin + nodeHeight / 2 + cells[index].layer * rowHeight].map(Math.round);
  return {
    places: new Map(nodes.map((node, index) => [node.key, point(index)])),
    edges: edges.map(({ from, to, bends }) => ({ from: nodes[from].key, to: nodes[to].key, points: [from, ...bends, to].map(point) })),
    width: right - left + 2 * margin,
    height: (rows.length - 1) * rowHeight + nodeHeight + 2 * margin,
  };
}

function layersOf(nodes, reads) {
  const layer = nodes.map(() => 0);
  nodes.forEach((node, index) => { for (const from of reads[index]) layer[index] = Math.max(layer[index], layer[from] + 1); });
  const nearest = nodes.map(() => Infinity);
  reads.forEach((list, index) => list.forEach((from) => { nearest[from] = Math.min(nearest[from], layer[index]); }));
  nodes.forEach((node, index) => { if (node.source && Number.isFinite(nearest[index])) layer[index] = Math.max(0, nearest[index] - 1); });
  return layer;
}

/** Fill up and down of every cell, with a bend in each layer that an edge passes; edges from one node share their bends. */
function connect(cells, reads, layer) {
  const edges = [];
  let bends = 0;
  const long = reads.flatMap((list, to) => list.map((from) => layer[to] - layer[from] - 1)).reduce((sum, each) => sum + each, 0);
  const chains = reads.map(() => []);
  reads.forEach((list, to) => list.forEach((from) => {
    const span = layer[to] - layer[from] - 1;
    const chain = chains[from];
    if (long <= MOST_BENDS * 4) {
      while (chain.length < span && bends < MOST_BENDS) {
        cells.push({ width: 12, layer: layer[from] + chain.length + 1, up: [], down: [], bend: true });
        chain.push(cells.length - 1);
        bends += 1;
        join(cells, chain.length > 1 ? chain[chain.length - 2] : from, chain[chain.length - 1]);
      }
    }
    const used = chain.slice(0, span);
    join(cells, used.length ? used[used.length - 1] : from, to);
    edges.push({ from, to, bends: used });
  }));
  return edges;
}

function join(cells, upper, lower) {
  cells[upper].down.push(lower);
  cells[lower].up.push(upper);
}

function order(rows, cells) {
  const number = () => rows.forEach((row) => row.forEach((index, rank) => { cells[index].rank = rank; }));
  number();
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const [side, list] = sweep % 2 ? ["down", [...rows].reverse()] : ["up", rows];
    for (const row of list) {
      const wish = new Map(row.map((index) => [index, cells[index][side].length ? mean(cells[index][side].map((each) => cells[each].rank)) : cells[index].rank]));
      row.sort((a, b) => wish.get(a) - wish.get(b) || cells[a].rank - cells[b].rank);
      row.forEach((index, rank) => { cells[index].rank = rank; });
    }
  }
}

function place(rows, cells, gap) {
  for (const row of rows) {
    let x = 0;
    for (const index of row) {
      cells[index].x = x + cells[index].width / 2;
      x += cells[index].width + gap;
    }
  }
  for (let sweep = 0; sweep < 2 * SWEEPS; sweep++) {
    const [side, list] = sweep % 2 ? ["down", [...rows].reverse()] : ["up", rows];
    for (const row of list) settle(row, cells, side, gap);
  }
  for (let sweep = 0; sweep < 2 * SWEEPS; sweep++) for (const row of sweep % 2 ? [...rows].reverse() : rows) settle(row, cells, null, gap);
}

/** Each cell of a row as near as can be to the mean of its neighbours (least squares), in order and a gap apart. */
function settle(row, cells, side, gap) {
  let offset = 0;
  const offsets = row.map((index, rank) => {
    if (rank) offset += (cells[row[rank - 1]].width + cells[index].width) / 2 + gap;
    return offset;
  });
  const pools = [];
  row.forEach((index, rank) => {
    const cell = cells[index];
    const beside = side ? cell[side] : [...cell.up, ...cell.down];
    const wish = beside.length ? mean(beside.map((each) => cells[each].x)) : cell.x;
    let pool = { sum: (wish - offsets[rank]) * (cell.bend ? 2 : 1), weight: cell.bend ? 2 : 1, count: 1 };
    while (pools.length && pools[pools.length - 1].sum / pools[pools.length - 1].weight > pool.sum / pool.weight) {
      const before = pools.pop();
      pool = { sum: before.sum + pool.sum, weight: before.weight + pool.weight, count: before.count + pool.count };
    }
    pools.push(pool);
  });
  let rank = 0;
  for (const pool of pools) {
    for (let each = 0; each < pool.count; each++, rank++) cells[row[rank]].x = pool.sum / pool.weight + offsets[rank];
  }
}

const mean = (numbers) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
