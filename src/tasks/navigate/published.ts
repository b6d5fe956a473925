import type { Move, Way } from './walk.ts'

/** The moves of a published question, or null when a sentence is unknown. */
export function publishedMoves(question: string): Move[] | null {
  const body = /do you return to the starting point\? ([\s\S]*?)(?:\nOptions:|$)/.exec(question)?.[1]
  if (body === undefined) return null
  const moves: Move[] = []
  for (const sentence of body.trim().split(/(?<=\.)\s+/)) {
    if (sentence === 'Always face forward.') continue
    const turn = /^Turn (left|right|around)\.$/.exec(sentence)
    const step = /^Take ([0-9]{1,6}) steps?(?: (forward|backward|left|right))?\.$/.exec(sentence)
    if (turn) moves.push({ do: 'turn', way: turn[1] as 'left' | 'right' | 'around', said: 0 })
    else if (step) moves.push({ do: 'go', way: (step[2] ?? 'forward') as Way, count: Number(step[1]), said: 0 })
    else return null
  }
  return moves.length > 0 ? moves : null
}
