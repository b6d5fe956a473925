import { basename, join } from 'node:path'
import { greedyPlan } from '../tasks/boxlift/solver.ts'
import { type Layout, listing, members, readJson, readText, Unreadable } from './entry.ts'

/** The published sizes in the order in which samples are numbered; each has so many instances. */
const blocksworldSizes = ['2', '3', '4'].flatMap(blocks =>
  ['3_2', '3_3', '4_2', '4_3', '4_4', '5_2', '5_3', '5_4'].map(stacks => `${blocks}_${stacks}`),
)
const boxliftSizes = {
  BoxLift_dataset: ['10_3', '15_4', '20_5', '25_6'],
  BoxLift_dataset_SFT: ['10_3', '10_4', '15_4', '15_5', '16_5', '20_5', '20_6', '21_6', '25_6', '25_7'],
}
const boxnetSizes = {
  BoxNet1_dataset: ['1_2', '2_2', '2_4', '4_4', '4_8'],
  BoxNet1_dataset_SFT: ['1_2', '1_3', '1_4', '2_2', '2_3', '2_4'],
}
/** Numbers of the training sets follow those of the sets that are evaluated. */
const trainingFrom = 1000

const place = (sizes: readonly string[], size: string, each: number, k: number, from = 0) => {
  const at = sizes.indexOf(size)
  return at < 0 ? {} : { index: from + at * each + k }
}

/** `2_3_2_0/blocksworld_task.txt`: the stacks at the start and at the end, bottom to top. */
export const blocksworld: Layout = (root, at) =>
  listing(join(root, at), 'folders').map(sample => ({
    task: 'blocksworld',
    sample,
    path: `${at}/${sample}`,
    read() {
      const named = /^((\d+)_(\d+)_(\d+))_(\d+)$/.exec(sample)
      if (!named) throw new Unreadable('its folder is not named <blocks>_<stacks>_<goal stacks>_<k>')
      const [, size, blocks, stacks, goals, k] = named
      const text = readText(join(root, at, sample, 'blocksworld_task.txt'))
      const instance = { initial: stacksBelow(text, 'Initial State:'), goal: stacksBelow(text, 'Goal State:') }
      return {
        task: 'blocksworld',
        sample,
        question: null,
        solution: null,
        complexity: `${blocks} blocks, ${stacks} stacks, goal over ${goals}`,
        ...place(blocksworldSizes, size!, 5, Number(k)),
        instance,
      }
    },
  }))

function stacksBelow(text: string, heading: string): Record<string, string[]> {
  const lines = text.split('\n').map(line => line.trim())
  const at = lines.indexOf(heading)
  if (at < 0) throw new Unreadable(`there is no line "${heading}"`)
  const below = lines.slice(at + 1)
  const end = below.findIndex(line => !/^stack\d+:/.test(line))
  const stacks = below.slice(0, end < 0 ? undefined : end).map(line => {
    const colon = line.indexOf(':')
    const blocks = line.slice(colon + 1).split(/\s+/)
    return [line.slice(0, colon), blocks.filter(block => block !== '')] as const
  })
  if (stacks.length === 0) throw new Unreadable(`no stacks below "${heading}"`)
  return Object.fromEntries(stacks)
}

/** `BoxLift_10_3/BoxLift0/BoxLift.json`: `{boxes, lifters}`. The step limit is that of the published greedy plan. */
export const boxlift: Layout = (root, at) =>
  nested(root, at).map(({ sample, size: folder, name }) => ({
    task: 'boxlift',
    sample,
    path: sample,
    read() {
      const [size, k] = [folder.replace('BoxLift_', ''), Number(name.replace('BoxLift', ''))]
      const { boxes, lifters } = members(readJson(join(root, sample, 'BoxLift.json')), 'BoxLift.json')
      if (!areWeights(boxes) || !areWeights(lifters)) throw new Unreadable('boxes and lifters are no lists of weights')
      const greedy = greedyPlan(boxes, lifters)
      if (!greedy) throw new Unreadable('its heaviest box is too heavy for all lifters together')
      const training = at.endsWith('_SFT')
      return {
        task: 'boxlift',
        sample,
        question: null,
        solution: null,
        complexity: size.replace('_', 'x'),
        ...place(
          boxliftSizes[at as keyof typeof boxliftSizes] ?? [],
          size,
          training ? 20 : 10,
          k,
          training ? trainingFrom : 0,
        ),
        instance: { boxes, lifters, stepLimit: greedy.length },
      }
    },
  }))

const areWeights = (list: unknown): list is number[] =>
  Array.isArray(list) && list.length > 0 && list.every(n => Number.isSafeInteger(n) && n > 0)

/** `env_pg_state_1_2/pg_state0/pg_state0.json`: what lies in every square. */
export const boxnet: Layout = (root, at) =>
  nested(root, at).map(({ sample, size: folder, name }) => ({
    task: 'boxnet',
    sample,
    path: sample,
    read() {
      const named = /_(\d+)_(\d+)$/.exec(folder)
      if (!named) throw new Unreadable('its folder does not name rows and columns')
      const [rows, cols] = [Number(named[1]), Number(named[2])]
      const squares = members(readJson(join(root, sample, `${basename(sample)}.json`)), 'the file')
      const training = at.endsWith('_SFT')
      const k = Number(name.replace('pg_state', ''))
      return {
        task: 'boxnet',
        sample,
        question: null,
        solution: null,
        complexity: `${rows}x${cols}`,
        ...place(
          boxnetSizes[at as keyof typeof boxnetSizes] ?? [],
          `${rows}_${cols}`,
          training ? 25 : 10,
          k,
          training ? trainingFrom : 0,
        ),
        instance: { rows, cols, squares },
      }
    },
  }))

/** Samples two folders deep: size, then number. */
const nested = (root: string, at: string) =>
  listing(join(root, at), 'folders').flatMap(size =>
    listing(join(root, at, size), 'folders').map(name => ({ sample: `${at}/${size}/${name}`, size, name })),
  )

/**
 * The path-plan instances have no file in the published layout; they come from a JSON file with walls, environments and
 * the sets of colours to visit and to avoid, every environment with every set.
 */
export const pathPlan: Layout = (root, at) => {
  const file = members(readJson(join(root, at)), at)
  const [environments, instructions] = [listOf(file.environments), listOf(file.instructions)]
  return environments.flatMap((place, e) =>
    instructions.map((instruction, i) => ({
      task: 'path-plan',
      sample: `sample_${e}_${i}`,
      path: `${at}, environment ${e}, instruction ${i}`,
      read() {
        const { boxes, start, end } = members(place, 'the environment')
        const { mustVisit, mustAvoid, orderInText } = members(instruction, 'the instruction')
        const complexity = `visit ${listOf(mustVisit).length}, avoid ${listOf(mustAvoid).length}`
        return {
          task: 'path-plan',
          sample: `sample_${e}_${i}`,
          question: null,
          solution: null,
          complexity,
          index: e * instructions.length + i,
          instance: {
            environment: e,
            instruction: i,
            walls: file.walls,
            boxes,
            start,
            end,
            mustVisit,
            mustAvoid,
            textOrder: orderInText,
          },
        }
      },
    })),
  )
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Unreadable('a list is missing')
  return value
}
