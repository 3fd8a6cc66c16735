// What the server extension answers. Its schemas are in beyondlabels/server/schemas; tests hold both to them.
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

export interface Exercise {
  id: string;
  title: string;
  state: 'not attempted' | 'not yet' | 'right';
}

export interface Instructor {
  question: string;
  misconceptions: string[];
  session: [number, string][];
}

export interface Lesson {
  number: number;
  id: string;
  title: string;
  file: string;
  minutes: number;
  present: boolean;
  exercises: Exercise[];
  done: number;
  predictions: { asked: number; made: number };
  exported: string[];
  instructor: Instructor;
  state: 'not started' | 'predicted' | 'begun' | 'done';
}

export interface Course {
  folder: string | null;
  parts: { title: string; lessons: Lesson[] }[];
  next: { lesson: string; exercise: string | null; title: string } | null;
  trouble: string;
  welcome: boolean;
  events?: string[];
}

export interface Port {
  name: string;
  dtype: string;
  shape: string;
  image?: string;
  method?: string | null;
}

export interface Argument {
  parameter: string;
  from?: string;
  weight?: string;
  text?: string;
}

export interface Operation {
  kind: string;
  name: string;
  depth: number;
  outputs: { name: string; type: string }[];
  inputs: Argument[];
}

export interface Weight {
  name: string;
  dtype: string;
  shape: number[];
  bytes: number;
  used_by: string[];
  low?: number;
  high?: number;
  mean?: number;
  zeros?: number;
  histogram?: number[];
  sampled?: number | null;
  strange?: number;
  rows?: string[][];
  more?: boolean;
}

export interface Model {
  path: string;
  kind: string;
  title: string | null;
  description: string;
  inputs: Port[];
  outputs: Port[];
  features: string[];
  verdict: 'exact' | 'iterative' | null;
  proof_rows: number;
  carries: { kind: 'none' | 'statistics' | 'rows'; summary: string; rows: number } | null;
  operations: Operation[];
  operation_count: number;
  weights: Weight[];
  weight_bytes: number;
  files: { name: string; bytes: number }[];
  precision: string | null;
  compressed: (string | null)[];
  specification: number;
  system: string | null;
  updatable: boolean;
  metadata: Record<string, string>;
  versions: Record<string, string | null>;
  swift: string | null;
  no_swift: string | null;
}

/** A refusal of the server: `kind` for programs, the message for people. */
export class Refusal extends Error {
  constructor(
    readonly kind: string,
    message: string
  ) {
    super(message);
  }
}

async function ask<T>(address: string, init: RequestInit = {}): Promise<T> {
  const settings = ServerConnection.makeSettings();
  let response: Response;
  try {
    response = await ServerConnection.makeRequest(
      URLExt.join(settings.baseUrl, 'beyondlabels', address),
      init,
      settings
    );
  } catch {
    throw new Refusal('away', 'The server does not answer. Is it still running?');
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) {
    const told = answer as { kind?: string; message?: string } | null;
    throw new Refusal(told?.kind ?? 'failed', told?.message ?? `The server answered ${response.status}.`);
  }
  return answer as T;
}

const post = <T>(address: string, body: object = {}): Promise<T> =>
  ask<T>(address, { method: 'POST', body: JSON.stringify(body) });

export const readCourse = (): Promise<Course> => ask('course');
export const startCourse = (): Promise<Course> => post('course');
export const resetLesson = (lesson: string): Promise<Course> => post('course/reset', { lesson });
export const welcomed = (): Promise<object> => post('course/welcomed');
export const readModel = (path: string): Promise<Model> => ask(`model?path=${encodeURIComponent(path)}`);
export const checkModel = (path: string): Promise<{ passed: boolean; text: string }> => post('model/check', { path });
