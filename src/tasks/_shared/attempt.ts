/**
 * What `make` gives, or null where its numbers make no sense (it throws a RangeError: a division by zero, a triangle
 * that cannot be). Any other error is a bug and passes.
 */
export function attempt<T>(make: () => T): T | null {
  try {
    return make()
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
