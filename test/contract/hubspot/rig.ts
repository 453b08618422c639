import { startSandbox, visitor } from '../../unit/demo/sandbox-rig.ts';
import { type Description, prepare, schemasOf } from '../description.ts';
import { type Judge, startJudge } from '../prism.ts';
import { pins, readPinned } from '../specs-folder.ts';
import { corrections } from './carries.ts';

const files = pins.hubspot?.files ?? [];

/** Every operation the adapter and the hub use, and those only the sandbox plays. */
export const used = files.flatMap((file) => file.operations);
/** Operations the sandbox answers: used ones and played ones. */
export const answered = files.flatMap((file) => [...file.operations, ...file.played]);

/** Prepares the pinned descriptions of `folder`; an operation is looked up in the file that has it. */
function descriptions(folder: string, which: 'operations' | 'answered') {
  return files.map((pin) => {
    const operations = which === 'operations' ? pin.operations : [...pin.operations, ...pin.played];
    return { operations, description: prepare(readPinned(folder, pin), operations, corrections) };
  });
}

/** Opens a judge for the used operations, gate included; stop it when done. */
export async function openJudge(folder: string): Promise<Judge> {
  const parts = descriptions(folder, 'operations');
  for (const { operations, description } of parts) schemasOf(description).gate(operations);
  return startJudge(parts.map((part) => part.description));
}

/** The schema an answer of the sandbox must meet, compiled from the file that describes the operation. */
export function answerSchemas(folder: string) {
  const parts: { operations: string[]; description: Description }[] = descriptions(folder, 'answered');
  const compiled = parts.map((part) => ({ ...part, schemas: schemasOf(part.description) }));
  return (operation: string, status: number) =>
    compiled.find((part) => part.operations.includes(operation))?.schemas.answer(operation, status);
}

/** The sandbox on a real port with one connected person; the stateful fake behind the judge. */
export async function openSandbox() {
  const sandbox = await startSandbox();
  const hub = visitor(sandbox.base);
  const tokens = await hub.connect();
  return { ...sandbox, hub, tokens };
}
