/** A draw of the exponential, and one of the Erlang of two that contains it: ∂p/∂logRate = p⁺ − p⁻. */
export const draw = (e: number, other: number, logRate: number): readonly [plus: number, minus: number] => [e * Math.exp(-logRate), (e + other) * Math.exp(-logRate)];
