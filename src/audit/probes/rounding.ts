import { type Probe, probe } from './probe.ts'

/** A value as a double and as an exact fraction of whole numbers. */
interface Both {
  readonly double: number
  readonly num: number
  readonly den: number
}

const combined = (a: Both, b: Both): Both[] => {
  const made: Both[] = [
    { double: a.double + b.double, num: a.num * b.den + b.num * a.den, den: a.den * b.den },
    { double: a.double * b.double, num: a.num * b.num, den: a.den * b.den },
    { double: a.double - b.double, num: a.num * b.den - b.num * a.den, den: a.den * b.den },
    { double: b.double - a.double, num: b.num * a.den - a.num * b.den, den: a.den * b.den },
  ]
  if (b.num !== 0) made.push({ double: a.double / b.double, num: a.num * b.den, den: a.den * b.num })
  if (a.num !== 0) made.push({ double: b.double / a.double, num: b.num * a.den, den: b.den * a.num })
  return made
}

/** Whether some way to combine the values is exactly the target while its double is not. */
function roundedAway(values: readonly Both[], target: number): boolean {
  if (values.length === 1) return values[0]!.num === target * values[0]!.den && values[0]!.double !== target
  for (let i = 0; i < values.length; i++) {
    for (let j = i + 1; j < values.length; j++) {
      const rest = values.filter((_, k) => k !== i && k !== j)
      if (combined(values[i]!, values[j]!).some(value => roundedAway([...rest, value], target))) return true
    }
  }
  return false
}

/** Four numbers give some seven thousand expressions; more than that would take too long. */
const most = 4

export const rounding: Readonly<Record<string, readonly Probe[]>> = {
  'game-24': [
    probe<{ numbers: readonly number[]; target: number }>(
      'rounded-away',
      'an expression has exactly the target as its value while its value in doubles is another',
      ({ numbers, target }) => {
        if (numbers.length > most) return undefined
        const values = numbers.map(n => ({ double: n, num: n, den: 1 }))
        return roundedAway(values, target) ? numbers.join(' ') : null
      },
    ),
  ],
}
