import type { Kind } from '../../export/_shared/format.ts'

/** Low-rank adapters instead of all weights. */
export interface Lora {
  readonly rank: number
  readonly alpha: number
  readonly dropout: number
}

/** How a training goes, in no trainer's own words. */
export interface Recipe {
  readonly kind: Kind
  readonly epochs: number
  readonly learningRate: number
  /** Share of the steps in which the rate rises; then it falls as a cosine. */
  readonly warmup: number
  /** Sequences (pairs in DPO) a step, over all devices: `perDevice` × `accumulation` × devices. */
  readonly batch: number
  readonly perDevice: number
  readonly accumulation: number
  /** Tokens of the longest row: nothing is cut below it. */
  readonly maxLength: number
  /** Of DPO's sigmoid loss; null in SFT. */
  readonly beta: number | null
  readonly lora: Lora | null
  /** Steps from one evaluation, and from one checkpoint, to the next. */
  readonly everySteps: number
  readonly logSteps: number
  readonly steps: number
  readonly gradientCheckpointing: boolean
  readonly seed: number
}

export interface RecipeWishes {
  readonly kind: Kind
  readonly lora: boolean
  readonly rows: number
  readonly gpus: number
  readonly maxLength: number
  /** Of the base model; null when unknown, which counts as large. */
  readonly parameters: number | null
  readonly seed: number
  readonly epochs?: number | undefined
  readonly learningRate?: number | undefined
  readonly batch?: number | undefined
}

/** The base model of the paper, in the form that has a chat template. */
export const publishedBase = 'meta-llama/Llama-3.1-8B-Instruct'

/**
 * Published hyper-parameters (paper, section 4.2 and 4.3): full parameters; SFT 10 epochs at 1e-5; DPO 6 epochs at 5e-6,
 * sigmoid loss, beta 0.1; batch 4. Cosine with a warm-up of 0.1 and checkpoints every 200 steps are from the published SFT
 * configuration. The paper names no rate for LoRA: ten times the full rate is the usual step (TRL, "LoRA Without Regret").
 */
export const published = {
  sft: { epochs: 10, learningRate: 1e-5 },
  dpo: { epochs: 6, learningRate: 5e-6 },
  batch: 4,
  warmup: 0.1,
  beta: 0.1,
  everySteps: 200,
} as const

const lora: Lora = { rank: 32, alpha: 64, dropout: 0.05 }
const loraFactor = 10

/** Below it a whole batch fits one device, and activations need not be worked out twice. */
const smallParameters = 500e6

/** The published recipe, with the wishes in its place. */
export function recipeOf(wishes: RecipeWishes): Recipe {
  const { kind, gpus } = wishes
  const small = wishes.parameters !== null && wishes.parameters < smallParameters
  const wanted = wishes.batch ?? published.batch
  const share = Math.max(1, Math.round(wanted / gpus))
  const perDevice = small ? share : 1
  const accumulation = small ? 1 : share
  const batch = perDevice * accumulation * gpus
  const epochs = wishes.epochs ?? published[kind].epochs
  const steps = Math.max(1, Math.ceil(Math.ceil(wishes.rows / batch) * epochs))
  return {
    kind,
    epochs,
    learningRate: wishes.learningRate ?? published[kind].learningRate * (wishes.lora ? loraFactor : 1),
    warmup: published.warmup,
    batch,
    perDevice,
    accumulation,
    maxLength: wishes.maxLength,
    beta: kind === 'dpo' ? published.beta : null,
    lora: wishes.lora ? lora : null,
    everySteps: Math.max(1, Math.min(published.everySteps, Math.ceil(steps / 10))),
    logSteps: Math.max(1, Math.min(10, Math.ceil(steps / 50))),
    steps,
    gradientCheckpointing: !small,
    seed: wishes.seed,
  }
}
