import { familyTask } from '../_shared/families.ts'
import { families } from './families.ts'

export default familyTask({
  slug: 'math-counting-probability',
  title: 'MATH Counting & Probability',
  about: 'Solve a competition problem on counting or probability; the answer is an exact number.',
  families,
  // The instances are what 40,000 draws met: some families are much smaller than others, so draws are kept apart.
  ladder: [
    { parts: 1, size: 1, operations: [], instances: 14_000 },
    { parts: 1, size: 3, operations: [], instances: 21_000 },
    { parts: 1, size: 5, operations: [], instances: 27_000 },
    { parts: 2, size: 3, operations: ['+', '-', '*'] },
    { parts: 3, size: 4, operations: ['+', '-', '*', '/'] },
    { parts: 3, size: 6, operations: ['+', '-', '*', '/'] },
    { parts: 4, size: 7, operations: ['+', '-', '*', '/'] },
    { parts: 6, size: 8, operations: ['+', '-', '*', '/'] },
  ],
  head: 'Solve this problem on counting and probability exactly.',
  most: 600,
  format:
    'Write the exact number alone: a whole number, or a fraction such as p/q (it need not be in lowest terms), or a decimal if that is exact. A rounded decimal is wrong.',
  example: '-1357/2468',
})
