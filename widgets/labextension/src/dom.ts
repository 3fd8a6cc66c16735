// Elements from plain data. Text is always text: nothing here reads markup, so a name that holds some is shown as it is.

type Child = Node | string | null | undefined | false;
type Listener = (event: Event) => void;
type Properties = Record<string, string | number | boolean | Listener | null | undefined>;

const SVG = 'http://www.w3.org/2000/svg';

function filled<T extends Element>(element: T, properties: Properties, children: Child[]): T {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (typeof value === 'function') {
      element.addEventListener(name.replace(/^on/, ''), value);
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...children.filter((child): child is Node | string => !!child || child === ''));
  return element;
}

/** An HTML element: `h('button', { class: 'primary', onclick }, 'Check')`. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), properties, children);
}

/** The same for SVG. */
export function svg(tag: string, properties: Properties = {}, ...children: Child[]): SVGElement {
  return filled(document.createElementNS(SVG, tag) as SVGElement, properties, children);
}

const TURNS = new Set([0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069]);

/** A name from a file, shortened, with control characters and turns of direction made visible. */
export function shown(text: string, most = 200): string {
  const visible = Array.from(text.slice(0, most + 1), letter => {
    const code = letter.codePointAt(0) ?? 0;
    const control =
      (code < 0x20 && code !== 0x09 && code !== 0x0a) || (code >= 0x7f && code <= 0x9f) || TURNS.has(code);
    return control ? '�' : letter;
  }).join('');
  return text.length > most ? `${visible.slice(0, most)}…` : visible;
}

/** Bytes in words: "4.9 kB". */
export function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  let at = 0;
  let value = bytes;
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  return at === 0 ? `${bytes} bytes` : `${value.toPrecision(3)} ${units[at]}`;
}

/** "1 exercise", "4 exercises". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}
