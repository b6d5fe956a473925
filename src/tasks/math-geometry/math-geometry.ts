import { familyTask } from '../_shared/families.ts'
import { families } from './families.ts'

export default familyTask({
  slug: 'math-geometry',
  title: 'MATH Geometry',
  about: 'Solve a competition problem in geometry; the answer is an exact value, perhaps with roots and pi.',
  families,
  // The instances are what 40,000 draws met: some families are much smaller than others, so draws are kept apart.
  ladder: [
    { parts: 1, size: 1, operations: [], instances: 20_000 },
    { parts: 1, size: 3, operations: [], instances: 29_000 },
    { parts: 1, size: 6, operations: [], instances: 38_000 },
    { parts: 2, size: 3, operations: ['+', '-'] },
    { parts: 2, size: 5, operations: ['+', '-', '*'] },
    { parts: 3, size: 5, operations: ['+', '-', '*'] },
    { parts: 4, size: 7, operations: ['+', '-', '*'] },
    { parts: 6, size: 8, operations: ['+', '-', '*'] },
  ],
  head: 'Solve this geometry problem exactly.',
  most: 20_000,
  format:
    'Lengths, areas and volumes have no units here. Write the exact value alone: whole numbers, fractions, square roots and pi may occur, written like 5*sqrt(3)/2 or in LaTeX, in any equivalent form. A rounded decimal is wrong.',
  example: '19*sqrt(7)/6 - 23*pi',
})
