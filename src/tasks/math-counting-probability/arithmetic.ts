/** Binomial coefficient; 0 outside the triangle. */
export function choose(n: bigint, k: bigint): bigint {
  if (k < 0n || k > n) return 0n
  let result = 1n
  for (let i = 1n; i <= (k < n - k ? k : n - k); i++) result = (result * (n - i + 1n)) / i
  return result
}

export function factorial(n: bigint): bigint {
  let result = 1n
  for (let i = 2n; i <= n; i++) result *= i
  return result
}

/** `n (n-1) … ` with `k` factors. */
export function falling(n: bigint, k: bigint): bigint {
  let result = 1n
  for (let i = 0n; i < k; i++) result *= n - i
  return result
}

/** The sum of `term(i)` for `from <= i <= to`. */
export function sumOf(from: bigint, to: bigint, term: (i: bigint) => bigint): bigint {
  let sum = 0n
  for (let i = from; i <= to; i++) sum += term(i)
  return sum
}

export const sign = (i: bigint): bigint => (i % 2n === 0n ? 1n : -1n)

/** Ways to write `total` as an ordered sum of `count` whole numbers from 0 to `most`, by inclusion and exclusion. */
export const bounded = (total: bigint, count: bigint, most: bigint): bigint =>
  total < 0n
    ? 0n
    : sumOf(0n, count, i => {
        const rest = total - i * (most + 1n)
        return rest < 0n ? 0n : sign(i) * choose(count, i) * choose(rest + count - 1n, count - 1n)
      })
