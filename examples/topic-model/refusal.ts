/** An input that cannot be worked with: its message is one sentence for the person who gave it, without a stack. */
export function refusal(sentence: string): Error {
  return Object.assign(new Error(sentence), { name: "Refusal" });
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EPERM: "no permission",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  ENOENT: "it is not there, or a link to nothing",
  ELOOP: "it is a link to itself",
  EISDIR: "it is a folder",
};

/** Runs what touches the disk; where the system says no, so does a sentence. */
export function attempt<R>(verb: "read" | "write", path: string, run: () => R): R {
  try {
    return run();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw refusal(`cannot ${verb} "${path}": ${reasons[code] ?? code}.`);
  }
}
