/** How large a miniature study is: data, models, trees and the comparison. */
export interface Size {
  readonly about: string
  /** `short` leaves out the tasks whose programs are long; a list names the tasks. */
  readonly tasks: 'all' | 'short' | readonly string[]
  readonly lessons: { readonly count: number; readonly levels: readonly number[] }
  readonly model: {
    readonly hidden: number
    readonly layers: number
    readonly heads: number
    readonly inner: number
    readonly vocabulary: number
    readonly context: number
  }
  /** Arguments of train_miniature.py: for the exercises that come first, and for the lessons. */
  readonly primer: Readonly<Record<string, number | string | boolean>>
  readonly training: Readonly<Record<string, number | string | boolean>>
  /** `model`: who is steered in them, where it is not the study's own task model. */
  readonly trees: {
    readonly count: number
    readonly levels: string
    readonly branches: string
    readonly model?: string
  }
  readonly coach: {
    readonly sft: { readonly epochs: number; readonly rate: number; readonly batch: number }
    readonly dpo: { readonly epochs: number; readonly rate: number; readonly batch: number }
  }
  readonly run: { readonly levels: readonly number[]; readonly samples: number; readonly unseen: readonly string[] }
}

/** The tasks with short questions and short programs. */
const eight = [
  'game-24',
  'mahjong-pattern',
  'matrix-transformation',
  'navigate',
  'new-operator',
  'pooling',
  'statistical-counting',
  'string-insertion',
] as const

const common = {
  lr_scheduler_type: 'cosine',
  adam_beta2: 0.95,
  weight_decay: 0.1,
  max_grad_norm: 1,
  bf16: true,
  bf16_full_eval: false,
  save_total_limit: 3,
}

/** The named sizes. `tiny` is what was run; docs/miniature.md says with what result. */
export const sizes: Readonly<Record<string, Size>> = {
  test: {
    about: 'some minutes, to see that every step works; the models learn nothing',
    tasks: ['mahjong-pattern', 'pooling'],
    lessons: { count: 120, levels: [1] },
    model: { hidden: 32, layers: 1, heads: 2, inner: 64, vocabulary: 400, context: 4096 },
    primer: {
      ...common,
      max_steps: 8,
      batch_tokens: 1024,
      longest_row: 200,
      learning_rate: 3e-3,
      warmup_steps: 2,
      logging_steps: 2,
      eval_steps: 8,
      save_steps: 4,
    },
    training: {
      ...common,
      max_steps: 8,
      batch_tokens: 2048,
      longest_row: 640,
      learning_rate: 3e-3,
      warmup_steps: 2,
      logging_steps: 2,
      eval_steps: 8,
      save_steps: 4,
    },
    trees: { count: 6, levels: '1', branches: '3,2', model: 'simulated/apprentice' },
    coach: { sft: { epochs: 1, rate: 1e-3, batch: 4 }, dpo: { epochs: 1, rate: 1e-4, batch: 4 } },
    run: { levels: [1], samples: 1, unseen: ['number-multiply'] },
  },
  tiny: {
    about: 'a million parameters, eight tasks: under two hours on two cores',
    tasks: eight,
    lessons: { count: 40_000, levels: [58, 42] },
    model: { hidden: 128, layers: 4, heads: 4, inner: 352, vocabulary: 700, context: 4096 },
    primer: {
      ...common,
      max_steps: 1_500,
      batch_tokens: 1536,
      longest_row: 160,
      learning_rate: 2e-3,
      warmup_steps: 20,
      logging_steps: 20,
      eval_steps: 500,
      save_steps: 100,
    },
    training: {
      ...common,
      max_steps: 8_000,
      batch_tokens: 2048,
      longest_row: 560,
      learning_rate: 2.5e-3,
      warmup_steps: 100,
      logging_steps: 50,
      eval_steps: 1_000,
      save_steps: 250,
    },
    trees: { count: 400, levels: '1,2', branches: '3,2' },
    coach: { sft: { epochs: 4, rate: 1e-3, batch: 8 }, dpo: { epochs: 2, rate: 5e-5, batch: 8 } },
    run: { levels: [1, 2], samples: 10, unseen: ['letters', 'number-multiply', 'string-splitting'] },
  },
  small: {
    about: 'eight million parameters, 25 tasks: a night on two cores',
    tasks: 'short',
    lessons: { count: 60_000, levels: [42, 30, 20, 8] },
    model: { hidden: 256, layers: 8, heads: 8, inner: 704, vocabulary: 1_536, context: 4096 },
    primer: {
      ...common,
      max_steps: 1_500,
      batch_tokens: 3072,
      longest_row: 240,
      learning_rate: 1.5e-3,
      warmup_steps: 100,
      logging_steps: 50,
      eval_steps: 1_000,
      save_steps: 250,
    },
    training: {
      ...common,
      max_steps: 4_500,
      batch_tokens: 6144,
      longest_row: 640,
      learning_rate: 1.5e-3,
      warmup_steps: 150,
      logging_steps: 50,
      eval_steps: 1_000,
      save_steps: 500,
    },
    trees: { count: 1_000, levels: '1,2,3', branches: '3,2,2' },
    coach: { sft: { epochs: 4, rate: 2e-4, batch: 8 }, dpo: { epochs: 3, rate: 2e-5, batch: 8 } },
    run: {
      levels: [1, 2, 3],
      samples: 10,
      unseen: ['letters', 'number-multiply', 'string-splitting', 'synthesis-decomposition'],
    },
  },
  full: {
    about: 'forty million parameters, all seen tasks: for a machine with a GPU',
    tasks: 'all',
    lessons: { count: 1_500_000, levels: [30, 25, 20, 15, 10] },
    model: { hidden: 512, layers: 12, heads: 8, inner: 1_408, vocabulary: 4_096, context: 8_192 },
    primer: {
      ...common,
      max_steps: 4_000,
      batch_tokens: 32_768,
      longest_row: 400,
      learning_rate: 6e-4,
      warmup_steps: 200,
      logging_steps: 50,
      eval_steps: 1_000,
      save_steps: 500,
    },
    training: {
      ...common,
      max_steps: 60_000,
      batch_tokens: 65_536,
      longest_row: 1_536,
      learning_rate: 6e-4,
      warmup_steps: 1_000,
      logging_steps: 50,
      eval_steps: 2_000,
      save_steps: 1_000,
    },
    trees: { count: 12_000, levels: '1,2,3,4,5', branches: '3,2,2,2,2' },
    coach: { sft: { epochs: 4, rate: 1e-4, batch: 16 }, dpo: { epochs: 3, rate: 1e-5, batch: 16 } },
    run: {
      levels: [1, 2, 3, 4, 5],
      samples: 40,
      unseen: [
        '2048',
        'combinatorial-calculation',
        'cryptanalysis',
        'eight-queens',
        'letters',
        'number-multiply',
        'permutations-and-combinations',
        'string-splitting',
        'synthesis-decomposition',
      ],
    },
  },
}
