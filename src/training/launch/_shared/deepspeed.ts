/**
 * DeepSpeed's configuration for ZeRO stage 3, for trainers that take a file: the stage that the published SFT used. `auto`
 * leaves a value to the trainer (transformers' DeepSpeed integration).
 */
export const zero3 = {
  train_batch_size: 'auto',
  train_micro_batch_size_per_gpu: 'auto',
  gradient_accumulation_steps: 'auto',
  gradient_clipping: 'auto',
  zero_allow_untested_optimizer: true,
  bf16: { enabled: 'auto' },
  zero_optimization: {
    stage: 3,
    overlap_comm: true,
    contiguous_gradients: true,
    reduce_bucket_size: 'auto',
    stage3_prefetch_bucket_size: 'auto',
    stage3_param_persistence_threshold: 'auto',
    stage3_gather_16bit_weights_on_model_save: true,
  },
} as const

export const zero3File = 'deepspeed.json'
