export interface Hash {
  /** Every number, text and answer in a value, in the order of its parts, to the last bit; of NaN, whose bits are nobody's promise, that it is one. */
  take(value: unknown): void;
  /** 16 hexadecimal digits */
  readonly hex: () => string;
}

/** FNV-1a of 32 bits, twice, with different offsets and multipliers. */
export function hasher(): Hash {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  function bytes(block: Uint8Array): void {
    for (let i = 0; i < block.length; i++) {
      a = Math.imul(a ^ block[i]!, 0x01000193);
      b = Math.imul(b ^ block[i]!, 0x5bd1e995);
      b ^= b >>> 15;
    }
  }
  return {
    take(value) {
      if (typeof value === "boolean" || Number.isNaN(value)) this.take(String(value));
      else if (typeof value === "number") bytes(new Uint8Array(Float64Array.of(value).buffer));
      else if (typeof value === "string") bytes(new TextEncoder().encode(value));
      else if (ArrayBuffer.isView(value) && (value as Float64Array).some(Number.isNaN)) for (const number of value as Float64Array) this.take(number);
      else if (ArrayBuffer.isView(value)) bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      else if (typeof value === "object" && value !== null) for (const part of Object.values(value)) this.take(part);
    },
    hex: () => [a, b].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join(""),
  };
}
