import type { TrainingDetail } from '../../api.ts'
import type { Curve } from './chart-options.ts'
import { moment, whole } from './format.ts'

/** What a training's log says of it, in words and in the order in which people ask; what nobody asks stays away. */
const words: Readonly<Record<string, string>> = {
  atMs: 'Begun',
  trainer: 'Trainer',
  baseModel: 'Base model',
  rows: 'Rows',
  evalRows: 'Held-out rows',
  parameters: 'Parameters',
  trainable: 'Trained parameters',
  device: 'Device',
  fromStep: 'Taken up again at step',
  model: 'Model',
  why: 'Why it ended',
  mend: 'What to do',
  commit: 'Commit',
  dataHash: 'Data (SHA-256)',
  configHash: 'Configuration (SHA-256)',
}

/** Facts as pairs of a name and a text; those that are null are left out, and the step 0 of a training begun once. */
export function factsOf({ facts }: TrainingDetail): { readonly name: string; readonly text: string }[] {
  const order = Object.keys(words)
  return Object.entries(facts)
    .filter(([key, value]) => value !== null && !(key === 'fromStep' && value === 0))
    .sort(([a], [b]) => (order.indexOf(a) + 1 || 99) - (order.indexOf(b) + 1 || 99))
    .map(([key, value]) => ({ name: words[key] ?? key, text: textOf(key, value!) }))
}

function textOf(key: string, value: string | number): string {
  if (key === 'atMs' && typeof value === 'number') return moment(value)
  if (key.endsWith('Hash')) return `${String(value).slice(0, 12)}…`
  return typeof value === 'number' ? whole(value) : value
}

/** Times and rates of the trainer itself say nothing as a curve, and one value makes none. */
const figures = /runtime|per_second|flos/

/** Losses share a picture, so that the evaluation stands beside the training; other curves have one each; `single`: no curve. */
export function picturesOf({ curves }: TrainingDetail) {
  const all = Object.entries(curves).map(([name, points]): Curve => ({ name, points }))
  const drawn = all.filter(({ name, points }) => points.length > 1 && !figures.test(name))
  const losses = all.filter(({ name }) => name === 'loss' || name === 'eval_loss')
  const rest = drawn.filter(curve => !losses.includes(curve)).map(curve => ({ title: curve.name, curves: [curve] }))
  return {
    pictures: losses.length > 0 ? [{ title: 'Loss', curves: losses }, ...rest] : rest,
    single: all.filter(curve => !drawn.includes(curve) && !losses.includes(curve)),
  }
}
