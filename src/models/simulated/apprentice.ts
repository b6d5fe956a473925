import { lastMarked } from '../../answer.ts'
import type { Rng } from '../../util/rng.ts'
import type { Competence } from './competence.ts'
import { type Skill, skillFor } from './skill.ts'

export interface Message {
  readonly role: string
  readonly text: string
}

const unknownQuestion =
  'I am a simulated apprentice. I learned only the questions of SymBench (codesteer task list) and cannot answer this one.'

/** What the apprentice says next in a conversation. It knows what it is asked for from the words alone. */
export async function reply(messages: readonly Message[], competence: Competence, rng: Rng): Promise<string> {
  const asked = messages.findLast(message => message.role === 'user')?.text ?? ''
  const whole = messages.filter(message => message.role === 'user').map(message => message.text)
  if (/guide another language model/i.test(whole[0] ?? '')) return coachReply(asked, messages.length > 1, rng)
  const skill = (await skillFor(asked)) ?? (await skillFor(whole[0] ?? ''))
  if (skill === null) return unknownQuestion
  const attempts = /Attempt in words:\n([\s\S]*)\n\nAttempt by a program:\n([\s\S]*)$/.exec(asked)
  if (attempts) return summaryReply(attempts[1]!, attempts[2]!)
  const given = /Given answer:\n([\s\S]*?)\n\nHow it was reached:/.exec(whole[0] ?? '')
  if (given) return checkReply(skill, given[1]!, competence, rng)
  const instruction = asked.split(skill.question)[0] ?? ''
  const followUp = messages.some(message => message.role === 'assistant')
  const way = wayWanted(asked.includes(skill.question) ? instruction : asked)
  if (way === 'code' || (way === null && rng.chance(0.25)))
    return codeReply(skill, { instruction: asked, followUp, messages }, competence, rng)
  return textReply(skill, competence, rng)
}

/** What the apprentice does with a tool that runs Python: it calls it once, then reads the answer off what came back. */
export async function toolTurn(
  messages: readonly Message[],
  competence: Competence,
  rng: Rng,
): Promise<{ readonly source: string } | { readonly text: string }> {
  const result = messages.findLast(message => message.role === 'tool')?.text
  if (result !== undefined) {
    const answer = lastMarked(result)
    return {
      text:
        answer === null ? 'The program gave no answer that I could use.' : `The program settled it.\n\n<<<${answer}>>>`,
    }
  }
  const skill = await skillFor(messages.findLast(message => message.role === 'user')?.text ?? '')
  if (skill === null) return { text: unknownQuestion }
  return { source: await skill.program(rng.chance(competence.lazy) ? 'lazy' : 'full') }
}

function wayWanted(instruction: string): 'text' | 'code' | null {
  if (/(without any program|code aside|no code|do not (write|use) (any )?(code|program))/i.test(instruction))
    return 'text'
  if (/(program|python|code)/i.test(instruction)) return 'code'
  return instruction.trim() === '' ? null : 'text'
}

/** In words the apprentice is right less often the longer the question: half as often for every 600 characters. */
function textReply(skill: Skill, competence: Competence, rng: Rng): string {
  const right = rng.chance(competence.text * 0.5 ** (skill.question.length / 600))
  const answer = right ? skill.right : skill.wrong(rng)
  const steps = rng.pick([
    'I take the data from the question and go through the rules one after the other. Each step follows from the one before, and the result fits what was asked.',
    'First I write down what is given, then I work towards what is asked, checking each step. Looking back, nothing contradicts the rules.',
    'Let me go step by step. The given data lead to one candidate, and going over it again I find it in order.',
  ])
  if (rng.chance(competence.slips)) return `${steps}\n\nSo the answer is ${answer}.`
  return `${steps}\n\n<<<${answer}>>>`
}

interface CodeRequest {
  readonly instruction: string
  readonly followUp: boolean
  readonly messages: readonly Message[]
}

/** Guidance that asks for more than a first try: a search, the constraints, another method, a mend. */
function asksForMore({ instruction, followUp }: CodeRequest): boolean {
  if (
    /(every constraint|really search|systematically|too slow|cut branches|different method|from scratch)/i.test(
      instruction,
    )
  )
    return true
  return followUp && /(search|constraint|verif|exact|efficien|backtrack|faster|memory|wrong)/i.test(instruction)
}

async function codeReply(skill: Skill, request: CodeRequest, competence: Competence, rng: Rng): Promise<string> {
  const mendOnly =
    request.followUp && !asksForMore(request) && request.messages.some(message => message.text.includes('```'))
  const full = asksForMore(request) ? rng.chance(competence.heeds) : mendOnly ? false : !rng.chance(competence.lazy)
  const program = await skill.program(full ? 'full' : 'lazy')
  const source = !request.followUp && rng.chance(competence.slips * 3) ? slip(program, rng) : program
  const opening = full
    ? 'I state the constraints, search through the possibilities and test the result before printing it.'
    : 'This can be computed directly.'
  const fence = rng.pick(['```python', '```python', '```py', '```Python'])
  return `${opening}\n\n${fence}\n${source.trim()}\n\`\`\``
}

/** One of the three things that go wrong with programs in practice. */
function slip(program: string, rng: Rng): string {
  switch (rng.int(0, 2)) {
    case 0:
      return program.replace(/:\n/, '\n')
    case 1:
      return `${program.trimEnd()}\n\nremaining = 1\nwhile remaining > 0:\n    remaining += 1\n`
    default:
      return program.replaceAll('<<<', '').replaceAll('>>>', '')
  }
}

async function checkReply(skill: Skill, answer: string, competence: Competence, rng: Rng): Promise<string> {
  const source = rng.chance(competence.checks)
    ? await skill.checkingProgram(answer)
    : 'print("Inconclusive: the constraints were not tested")\n'
  return `I test the given answer against the question.\n\n\`\`\`python\n${source.trim()}\n\`\`\``
}

/** Sums up two attempts: it trusts what a program printed before what was said. */
function summaryReply(text: string, code: string): string {
  const answer = lastMarked(code.split('Execution:')[1] ?? '') ?? lastMarked(text)
  return answer === null ? 'Neither attempt gives an answer.' : `Comparing both, I settle on this.\n\n<<<${answer}>>>`
}

/** The apprentice as a coach: it believes the checkers. */
function coachReply(asked: string, _later: boolean, rng: Rng): string {
  if (!asked.includes('--- Turn')) return rng.chance(0.6) ? '<<<Code>>>' : '<<<Text>>>'
  const rounds = asked.split('--- Turn')
  if (/found it correct/.test(rounds.at(-1) ?? '')) return '<<<Return Answer>>>'
  return '<<<Write a Python program that really searches: put every constraint of the question into it, go through the possibilities systematically, confirm the result, and print it between the markers.'.concat(
    '>>>',
  )
}
