import { sha256 } from '../util/hash.ts'

/**
 * Every prompt that we send, by name. The hashes of all of them stand in each trajectory's first event, so two runs
 * can be told apart when the words changed. `{name}` marks a place that `fill` fills.
 */
export const prompts = {
  /** The task model answers by a program. */
  'task-code': `Solve the question below by writing a Python program.

Think briefly about the method first: what has to be searched or computed, and which rules the result must satisfy. Then write one complete program in a single fenced block that starts with \`\`\`python. It runs without input, network or files; only the standard library, numpy and sympy may be imported. Put all data of the question into the program. The program must work the answer out itself, and its last action must be to print the final answer in the form the question asks for, between <<< and >>>.`,

  /** The task model answers in words. */
  'task-text': `Answer the question below by reasoning in words, without any program.

Go through it step by step, check each step against the rules of the question before you build on it, and look back over the whole at the end. Close with the final answer in the form the question asks for, between <<< and >>>.`,

  /** What stands between guidance and question in the first message. */
  'task-question': `{guidance}

Question:
{question}`,

  /** The question as coach and checkers see it when it is the last message of a conversation. */
  'question-in-conversation': `The question is the last message of a conversation. What was said before it:
{history}

The last message, which is the question:
{question}`,

  /** A later message to the task model that also shows it what its program did. */
  'task-after-run': `Your program was run. {result}

{guidance}`,

  /** The coach's job, for the first choice. */
  'coach-first': `You guide another language model, the solver. It can answer a question in two ways: by reasoning in words, or by writing a Python program whose printed output is the answer. You do not solve the question yourself.

Decide which way the solver should try first. A program is right where exact arithmetic, counting, many cases, long sequences, search or simulation decide; words are right where reading, common sense or a few plain steps are enough and a program would only wrap the same reasoning. Answer with <<<Code>>> or <<<Text>>>.

Question:
{question}`,

  /** The coach's job, after an answer. */
  'coach-next': `You guide another language model, the solver. You do not solve the question yourself. Below are the question, what the solver did so far, and what two checkers say about it. The checkers can err.

Decide what happens now:
- return: the latest answer is right and in the form the question asks for.
- terminate: further turns will not help.
- code: the solver shall write a (different or better) program. Say what to change: the error to mend, the rule that is broken, a real search instead of a shortcut, a faster method.
- text: the solver shall reason in words. Say what to look at.
If every attempt so far used the same way and none is convincing, change the way.

Question:
{question}

{history}`,

  'coach-json': `Reply with one JSON object: {"decision": "code" | "text" | "return" | "terminate", "reason": "one sentence", "guidance": "what the solver is told; empty for return and terminate"}`,

  'coach-words': `Reply with the guidance for the solver between <<< and >>>, or with exactly <<<Return Answer>>> or <<<Terminate>>>.`,

  /** One round as the fine-tuned coach sees it. */
  'tuned-round': `Answer of the solver:
{reply}

Self-check: {check}
{symbolic}
Give the next guidance between <<< and >>>, or <<<Return Answer>>>, or <<<Terminate>>>.`,

  /** The self-answer checker. */
  'self-answer': `Below are a question and an answer that was given to it. Write a Python program that checks whether the answer is right. Do not trust the answer.

Put the question's data and the given answer into the program as literals. Test the answer against every rule and constraint of the question, one by one; where the right answer can be computed, compute it independently and compare. Print exactly one verdict as the last line:
Correct
Wrong: <which rule is broken, with the values that show it>
Inconclusive: <what could not be tested>
Write one complete program in a single fenced block that starts with \`\`\`python; it runs without input, network or files.

Question:
{question}

Given answer:
{answer}

How it was reached:
{reply}`,

  'self-answer-again': `That checking program did not give a verdict: {problem}
Write it again, complete, and make sure that its last line of output is the verdict.`,

  /** AutoGen-style single agent: a system prompt put in front of the question. */
  'autogen-style': `You are an able assistant that can reason and program. Where gathering or working something out by a program helps, write complete Python code in a fenced \`\`\`python block: the user runs it as it is, without changing or completing anything, so print what matters and take no input. Where words are enough, answer in words. Say which way you take and why, check the result before you give it, and close with the final answer between <<< and >>> (printed by the code if you wrote code).`,

  /** One model sums up an answer in words and one by code. */
  summarise: `Two attempts were made at the question below, one by reasoning in words and one by a program. Either may be wrong. Compare them with the question, decide what holds, and give the final answer between <<< and >>> in the form the question asks for. You may write one complete Python program in a \`\`\`python block instead, if neither can be trusted; then its printed output is the answer.

Question:
{question}

Attempt in words:
{text}

Attempt by a program:
{code}`,

  /** A model with the sandbox as a tool. */
  'code-interpreter': `You can run Python with the tool run_python: it runs a complete program in a fresh interpreter and gives back what it printed. Use it where computing or searching beats reasoning, as often as you need. When you are sure, state the final answer between <<< and >>> in the form the question asks for.`,

  // What the rules coach tells the solver. Each names one thing to change.
  'rules-fix-crash': `The program ended with an error: {error} Mend the cause, not only the line, and write the complete program again.`,
  'rules-too-slow': `The program was stopped after {seconds} s without an answer. Trying everything is too slow here: cut branches that cannot lead to a solution as early as possible, remember what was already worked out, or use a better suited method. Write the complete program again.`,
  'rules-too-big': `The program used up its memory. Keep less at once (generators, a smaller state, pruning before storing) and write the complete program again.`,
  'rules-output-flood': `The program printed too much and was stopped. Print nothing but the final answer between <<< and >>>, and write the complete program again.`,
  'rules-no-answer-code': `The program ran but printed no final answer between <<< and >>>. Let its last action be to print the answer in that form, in exactly the format the question asks for. Write the complete program again.`,
  'rules-no-answer-text': `The reply holds no final answer between <<< and >>>. State it in that form, in exactly the format the question asks for.`,
  'rules-need-search': `The program takes a shortcut ({finding}). Write a program that really searches: state every constraint of the question as a test, go through the possibilities systematically with pruning, use exact arithmetic, and confirm the result against all constraints before printing it.`,
  'rules-search-first': `Solve the question below by a Python program that really searches: state every constraint of the question as a test, go through the possibilities systematically with pruning, use exact arithmetic, and confirm the result against all constraints before printing it between <<< and >>>. Write it complete, in a single fenced block that starts with \`\`\`python, with all data of the question in it.`,
  'rules-wrong': `A check found the answer wrong: {reason} Find the cause, state every constraint of the question explicitly in the program, search for a result that satisfies all of them, and confirm it before printing.`,
  'rules-switch-to-code': `Reasoning in words was not reliable here ({reason}). Write a Python program that works the answer out exactly: all data and every constraint of the question in the program, a real search or computation, the final answer printed between <<< and >>> in the format asked for.`,
  'rules-switch-to-text': `Programs have not settled this ({reason}). Put code aside: reason step by step in words, check every step against the rules, and give the final answer between <<< and >>>.`,
  'rules-confirm-by-code': `Confirm this by a program that does not rely on the reasoning above: put all data and every constraint of the question into it, work the answer out from scratch, and print it between <<< and >>>.`,
  'rules-other-method': `This is the same program as before and it will do the same again. Use a different method: another way of searching or computing, written from scratch.`,
} as const

export type PromptName = keyof typeof prompts

/** A prompt with its places filled. Throws when a place is left open or a value has none: both are our own slips. */
export function fill(name: PromptName, values: Readonly<Record<string, string>> = {}): string {
  const unused = new Set(Object.keys(values))
  const text = prompts[name].replace(/\{([a-z]+)\}/g, (place, key: string) => {
    const value = values[key]
    if (value === undefined) throw new TypeError(`prompt ${name}: nothing for ${place}`)
    unused.delete(key)
    return value
  })
  if (unused.size > 0) throw new TypeError(`prompt ${name} has no place for ${[...unused].join(', ')}`)
  return text
}

let hashes: Readonly<Record<string, string>> | undefined

/** Name to hash of every prompt, for the record. */
export function promptHashes(): Readonly<Record<string, string>> {
  hashes ??= Object.fromEntries(Object.entries(prompts).map(([name, text]) => [name, sha256(text).slice(0, 12)]))
  return hashes
}
