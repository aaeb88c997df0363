/** The first byte of linear memory that no static table of the kernels uses. From here on TypeScript owns it. */
export function base(): usize {
  return __heap_base;
}
