import type { Beats } from './game.ts'

/**
 * The three published games by their printed rules. Elements: the holder of an overcoming card wins, the holder of a
 * generating card loses, in whichever hand it is, so a card beats the one it overcomes and the one that generates it.
 */
export const publishedGames: Readonly<Record<string, Beats>> = {
  elements: { A: 'CE', B: 'AD', C: 'BE', D: 'AC', E: 'BD' },
  stick_game: { A: 'B', B: 'C', C: 'D', D: 'A' },
  // The higher animal wins, but the mouse (H) beats the elephant (A).
  animal: { A: 'BCDEFG', B: 'CDEFGH', C: 'DEFGH', D: 'EFGH', E: 'FGH', F: 'GH', G: 'H', H: 'A' },
}
