import { reply, toolTurn } from '../../src/models/simulated/apprentice.ts'
import { readCompetence } from '../../src/models/simulated/competence.ts'
import { contentHash } from '../../src/util/hash.ts'
import { seededRng } from '../../src/util/rng.ts'
import type { FakeReply, FakeRequest } from './server.ts'

/**
 * Answers as the simulated apprentice does, over HTTP: the same request gets the same words, so that runs can be compared.
 * It writes no endless loops, which would only make tests slow.
 */
export async function apprenticeReply({ body }: FakeRequest, settings = 'slips=0'): Promise<FakeReply> {
  const competence = readCompetence(`apprentice?${settings}`)
  const messages = (body.messages ?? []).map(({ role, content }) => ({ role, text: textOf(content) }))
  const rng = seededRng('fake-apprentice', contentHash(messages))
  if (!Reflect.has(body, 'tools')) return { text: await reply(messages, competence, rng) }
  const turn = await toolTurn(messages, competence, rng)
  if ('text' in turn) return turn
  return { toolCalls: [{ name: 'run_python', arguments: JSON.stringify(turn) }] }
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map(part => String(Reflect.get(Object(part), 'text') ?? '')).join('')
}

/** For the server as a process of its own, at 50 ms latency. */
export default async (request: FakeRequest): Promise<FakeReply> => ({
  ...(await apprenticeReply(request)),
  delayMs: 50,
})
