import { CodeSteerError, InputError, messageOf, StoreError } from '../errors.ts'
import type { ApiError } from './api.ts'

/** A request that is answered with an error of the viewer's own. */
export class ViewerError extends Error {
  readonly status: number
  readonly mend: string
  constructor(status: number, message: string, mend: string) {
    super(message)
    this.name = 'ViewerError'
    this.status = status
    this.mend = mend
  }
}

export const notFound = (what: string, mend = 'Go back to the list of runs and choose again.') =>
  new ViewerError(404, what, mend)

/** What was shown is no longer there. */
export const gone = (where: string) =>
  new ViewerError(410, `${where} is gone`, 'It was deleted or moved while it was shown. Go back to the list of runs.')

/** How an error is answered: status and body. Defects of ours say no more than that they are. */
export function answerTo(error: unknown): { readonly status: number; readonly body: ApiError } {
  const told = (status: number, mend: string) => ({ status, body: { error: messageOf(error), mend } })
  if (error instanceof ViewerError) return told(error.status, error.mend)
  if (error instanceof InputError) return told(400, error.mend)
  if (error instanceof StoreError) return told(409, error.mend)
  if (error instanceof DOMException && error.name === 'AbortError')
    return { status: 503, body: { error: 'the viewer is closing', mend: 'Start it again: codesteer view' } }
  if (error instanceof CodeSteerError && error.kind !== 'bug') return told(502, error.mend)
  return {
    status: 500,
    body: {
      error: 'the viewer failed',
      mend: 'This is a defect of codesteer. CODESTEER_TRACE=1 shows where; please report it.',
    },
  }
}
