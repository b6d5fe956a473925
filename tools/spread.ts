/** How many of `count` questions each level gets: evenly, the rest to the lower ones. */
export function spread(count: number, levels: number): number[] {
  return Array.from({ length: levels }, (_, i) => Math.floor(count / levels) + (i < count % levels ? 1 : 0))
}
