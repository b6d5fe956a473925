// What branching where it is uncertain brings for the same number of paths, with the scripted model of the tests (right in half
// of its answers in words, in three of four by a program, by luck) and no sandbox: nothing here is about any model.
//   node bench/synthesis-schemes.ts [trees] [seeds]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { diagnose } from '../src/training/diagnostics.ts'
import { openScore } from '../src/training/score.ts'
import { grown } from '../test/training/grown.ts'
import { cpuMs } from './_shared.ts'

const [trees, seeds] = [Number(process.argv[2] ?? 100), Number(process.argv[3] ?? 3)]
const policy = await openScore('published')

for (let seed = 1; seed <= seeds; seed++) {
  let paths: number | undefined
  for (const scheme of ['published', 'uncertain']) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-schemes-'))
    const [begun, cpu] = [performance.now(), cpuMs()]
    const plan = { trees, seed, levels: 'all', scheme, ...(paths ? { paths: paths / trees } : {}) }
    const made = await grown({ folder, plan })
    const [wallMs, cpuUsed] = [performance.now() - begun, cpuMs() - cpu]
    rmSync(folder, { recursive: true })
    paths = made.snapshot.paths.done
    const { pairs, noContrast } = await diagnose(made.trees, { policy, minGap: 2 })
    console.log(
      `seed ${seed}, ${scheme}: ${pairs.kept} pairs of ${paths} paths, ${noContrast.trees} of ${trees} trees without a pair; ${((60_000 * paths) / wallMs).toFixed(0)} paths a minute, ${(cpuUsed / paths).toFixed(1)} ms CPU a path`,
    )
  }
}
