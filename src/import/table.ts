import { bigBench } from './big-bench.ts'
import type { Layout } from './entry.ts'
import { letters } from './letters.ts'
import { numberPuzzles } from './number-puzzles.ts'
import { blocksworld, boxlift, boxnet } from './planning.ts'
import { multiplications, questionFolders } from './question-folders.ts'
import { gsmHard, math } from './word-problems.ts'

/** Guesses are numbered lines of the question; how many there are is the only measure of difficulty stored. */
const guesses = ({ question }: { readonly question: string }) => question.match(/^\d+\. Guess: /gm)?.length ?? 0
/** `sample_9_7_0` holds nine letters and seven statements. */
const size = ({ sample }: { readonly sample: string }) => /^sample_(\d+_\d+)_/.exec(sample)?.[1] ?? null

/** The published sets: the folder or file below the root, and how it is read. */
export const sets: Readonly<Record<string, Layout>> = {
  '2048_dataset': questionFolders('2048'),
  'BIG-Bench-Hard/bbh': bigBench,
  Blocksworld_dataset: blocksworld,
  BoxLift_dataset: boxlift,
  BoxLift_dataset_SFT: boxlift,
  BoxNet1_dataset: boxnet,
  BoxNet1_dataset_SFT: boxnet,
  Letters: letters,
  'MATH/train/counting_and_probability': math('math-counting-probability', 'counting_and_probability'),
  'MATH/train/geometry': math('math-geometry', 'geometry'),
  combinatorial_calculation: questionFolders('combinatorial-calculation', { withSet: true }),
  combinatorial_calculation_varied_complexity: questionFolders('combinatorial-calculation', { withSet: true }),
  constrained_linear_arrangement: questionFolders('constrained-linear-arrangement'),
  cryptanalysis: questionFolders('cryptanalysis', { complexity: guesses }),
  eight_queens_dataset: questionFolders('eight-queens', { withSet: true }),
  eight_queens_dataset_2: questionFolders('eight-queens', { withSet: true }),
  eight_queens_dataset_hard: questionFolders('eight-queens', { withSet: true }),
  eight_queens_dataset_varied_complexity: questionFolders('eight-queens', { withSet: true }),
  game24_dataset: numberPuzzles,
  'gsmhardv2.jsonl': gsmHard,
  letter_logic_diagram: questionFolders('letter-logic-diagram'),
  light_puzzles_dataset: questionFolders('light-puzzles'),
  logic_puzzle_dataset: questionFolders('logical-puzzle'),
  logical_equation: questionFolders('logical-equation', { complexity: size }),
  mahjong_pattern_dataset: questionFolders('mahjong-pattern'),
  matrix_transformation_dataset: questionFolders('matrix-transformation'),
  new_operator_dataset: questionFolders('new-operator'),
  number_multiply: multiplications,
  number_multiply_varied_complexity: multiplications,
  pattern_recognition: questionFolders('pattern-recognition'),
  permutations_and_combinations: questionFolders('permutations-and-combinations'),
  pooling_dataset: questionFolders('pooling'),
  reversi_dataset: questionFolders('reversi'),
  standard_sudoku: questionFolders('standard-sudoku'),
  statistical_counting_dataset: questionFolders('statistical-counting'),
  string_deletion_and_modification: questionFolders('string-deletion-and-modification'),
  string_insertion: questionFolders('string-insertion'),
  string_splitting: questionFolders('string-splitting'),
  string_synthesis: questionFolders('string-synthesis'),
  synthesis_decomposition_dataset: questionFolders('synthesis-decomposition'),
}
