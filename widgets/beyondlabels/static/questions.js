// What a front end asks of the kernel: one question in flight, and of those that wait the latest of a kind wins.
import { follow } from "./card.js";

const PATIENCE = 15000; // ms; an interrupted kernel may never answer

export class Questions {
  constructor(model) {
    this.model = model;
    this.name = Math.random().toString(36).slice(2);
    this.count = 0;
    this.waiting = [];
    this.flying = null;
  }

  /** Ask {do, ...}. A waiting question of the same kind about the same thing is replaced; "step" and "reset" never are. */
  ask(question) {
    const kind = (other) => `${other.do} ${other.index}`;
    const last = this.waiting.at(-1);
    if (last && kind(last) === kind(question) && !["step", "reset"].includes(question.do)) this.waiting.pop();
    this.waiting.push(question);
    this.send();
  }

  send() {
    if (this.flying || !this.waiting.length) return;
    this.flying = `${this.name}-${++this.count}`;
    this.model.send({ ...this.waiting.shift(), token: this.flying });
    this.timer = setTimeout(() => this.answered(this.flying), PATIENCE);
  }

  /** The kernel answered the question with this token; an answer to another view's question changes nothing here. */
  answered(token) {
    if (!this.flying || token !== this.flying) return;
    clearTimeout(this.timer);
    this.flying = null;
    this.send();
  }

  /** Nothing asked is unanswered. */
  idle() { return !this.flying && !this.waiting.length; }

  stop() {
    clearTimeout(this.timer);
    this.waiting = [];
  }
}

/** Show an explorable, call `answer` now and at every frame of the kernel; returns what takes all of it away again. */
export function present({ model, el, root, stage, questions, play }, answer) {
  el.append(root);
  stage.measure();
  const stop = follow(model, ["frame"], answer);
  return () => {
    play.pause();
    questions.stop();
    stage.destroy();
    stop();
  };
}
