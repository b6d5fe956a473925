/**
 * How long a provider's headers ask to wait before the next request, in milliseconds; 0 when they ask for nothing. Read
 * are the forms of OpenAI and its like (`x-ratelimit-remaining-requests: 0` with `x-ratelimit-reset-requests: 1m2.5s`) and
 * of Anthropic (`anthropic-ratelimit-requests-remaining: 0` with a moment in `…-reset`), for requests and for tokens.
 */
export function pauseAskedFor(headers: Headers, nowMs: number): number {
  let pauseMs = 0
  for (const what of ['requests', 'tokens']) {
    const openai = [`x-ratelimit-remaining-${what}`, `x-ratelimit-reset-${what}`] as const
    const anthropic = [`anthropic-ratelimit-${what}-remaining`, `anthropic-ratelimit-${what}-reset`] as const
    for (const [remaining, reset] of [openai, anthropic]) {
      if (headers.get(remaining)?.trim() !== '0') continue
      pauseMs = Math.max(pauseMs, untilReset(headers.get(reset) ?? '', nowMs))
    }
  }
  return pauseMs
}

const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 }

function untilReset(text: string, nowMs: number): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)]
  if (parts.length > 0 && parts.map(([part]) => part).join('') === text)
    return parts.reduce((sum, [, number, unit]) => sum + Number(number) * unitMs[unit!]!, 0)
  const moment = Date.parse(text)
  return Number.isNaN(moment) ? 0 : Math.max(0, moment - nowMs)
}
