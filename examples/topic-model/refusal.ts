/** An input that cannot be worked with: its message is one sentence for the person who gave it, without a stack. */
export function refusal(sentence: string): Error {
  return Object.assign(new Error(sentence), { name: "Refusal" });
}
