import { writeFile } from 'node:fs/promises'
import { InputError, StoreError } from '../../errors.ts'
import { pageFiles } from '../../viewer/page-files.ts'
import { openShelf, type Shelf } from '../../viewer/shelf.ts'
import { staticPage, staticRun, staticTrajectory } from '../../viewer/static-page.ts'
import type { CliContext } from './context.ts'
import { progressOf } from './progress.ts'
import { findTrajectory, type ViewFlags } from './view-runs.ts'

/** `codesteer view --static`: one run or one trajectory as a page that needs nothing else. */
export async function saveStatic(
  runs: readonly string[],
  flags: ViewFlags & { readonly static: string },
  context: CliContext,
): Promise<void> {
  const { err, out } = context
  const shelf = await openShelf({ runs, folder: flags.folder })
  try {
    const files = await pageFiles('page-static', words => err.write(`${words}\n`))
    const page =
      flags.trajectory === undefined ? await ofRun(shelf, files, context) : await ofOne(shelf, flags.trajectory, files)
    try {
      await writeFile(flags.static, page)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      throw new StoreError(`cannot write ${flags.static}: ${code}`, 'Name another file with --static.', {
        cause: error,
      })
    }
    const bytes = Buffer.byteLength(page)
    if (flags.json) out.write(`${JSON.stringify({ file: flags.static, bytes })}\n`)
    else err.write(`wrote ${flags.static} (${(bytes / 2 ** 20).toFixed(1)} MB)\n`)
  } finally {
    await shelf.close()
  }
}

type Files = Awaited<ReturnType<typeof pageFiles>>

async function ofRun(shelf: Shelf, files: Files, { err, signal }: CliContext): Promise<string> {
  const sources = await shelf.sources()
  if (sources.length !== 1)
    throw new InputError(
      sources.length === 0 ? 'there is no run to save' : `there are ${sources.length} runs, and one page holds one`,
      'Name one run: codesteer view smoke.run --static smoke.html, or one trajectory with --trajectory.',
    )
  const { planned } = await sources[0]!.progress()
  const progress = progressOf(err, planned)
  const { data, leftOut } = await staticRun(shelf, sources[0]!, {
    onProgress: done => progress.done(done, 'conversations'),
    signal,
  }).finally(progress.close)
  if (leftOut.rows > 0) err.write(`${leftOut.rows} rows did not fit and are left out, right answers first\n`)
  if (leftOut.trajectories > 0)
    err.write(`${leftOut.trajectories} conversations did not fit and are left out, right answers first\n`)
  return staticPage(data, data.kind === 'run' ? data.detail.name : 'CodeSteer', files)
}

async function ofOne(shelf: Shelf, name: string, files: Files): Promise<string> {
  const { source, id } = await findTrajectory(shelf, name)
  return staticPage(await staticTrajectory(shelf, source, id), id, files)
}
