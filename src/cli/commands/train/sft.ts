import { Command } from 'commander'
import type { CliContext } from '../../_shared/context.ts'
import { addTrainOptions, trainAction } from '../../_shared/train-command.ts'

/** `codesteer train sft`. */
export function sftCommand(context: CliContext): Command {
  const command = new Command('sft').description(
    'Supervised fine-tuning on exported trajectories: 10 epochs at 1e-5, cosine, batch 4, as published.',
  )
  return addTrainOptions(command)
    .addHelpText(
      'after',
      `
Ctrl-C keeps a checkpoint; --resume goes on from it, also after a kill. Exit code: 0 finished, 2 for bad input, 3 when the
training failed, 130 on Ctrl-C. The folder of a training: config, log.jsonl, trainer.log, record.json, checkpoints, model.

Examples:
  codesteer train sft --data export --base meta-llama/Llama-3.1-8B-Instruct --gpus 4
  codesteer train sft --data export --base meta-llama/Llama-3.1-8B-Instruct --lora
  codesteer train sft --data export --base small --epochs 3 --learning-rate 1e-3 --set packing=true --name first
  codesteer train sft --data export --base small --name first --epochs 3 --learning-rate 1e-3 --set packing=true --resume
  codesteer train sft --data export --base small --trainer llama-factory --dry-run`,
    )
    .action(trainAction('sft', context))
}
