/** What the console is told by whoever serves it: it knows no state machine itself. */
export interface ConsoleSettings {
  /** What is shown, as a person would name it: `local`, `AWS us-east-1`. */
  readonly title: string;
  /** Whether executions may be started, stopped and redriven. */
  readonly allowWrites: boolean;
  /** How long to wait between two looks at what runs. */
  readonly pollMs: number;
  readonly samples: readonly Sample[];
  /** What to do about the errors of some states; those of others are explained by what AWS documents. */
  readonly advice: { readonly states: readonly string[]; readonly errors: readonly Advice[] };
  /** What to show of an execution's output. */
  readonly facts: readonly Fact[];
  /** Where in what a task is called with there is a name for the attempt, as `Payload.modelId`. */
  readonly attemptLabels: readonly string[];
  /** The log groups to read, where they are known without looking at the functions of a state machine. */
  readonly logGroups: readonly string[] | undefined;
  /** Which lines are not in the log, where a person may look for them. */
  readonly logNote?: string;
  /** How the log tells what became of executions; without it there is no dashboard. */
  readonly outcomes: OutcomeLines | undefined;
  /** What other clients call, too, instead of AWS: a URL, or `page` for where the page comes from. */
  readonly endpoint: string | undefined;
}

/** An input to start a state machine with. */
export interface Sample {
  /** By its name. */
  readonly stateMachine: string;
  readonly name: string;
  readonly input: string;
}

/** What errors mean, and what to do. */
export interface Advice {
  /** Names, or prefixes that end in `*`. */
  readonly errors: readonly string[];
  readonly action: string;
}

/** A value of an execution's output, by its path there. */
export interface Fact {
  readonly label: string;
  readonly path: string;
  readonly unit?: 'usd' | 'ms';
}

/** Which lines of the log tell the ends of executions: the value of their `event`, and where in them each fact is. */
export interface OutcomeLines {
  readonly answered: string;
  readonly failed: string;
  readonly paths: {
    readonly execution: string;
    readonly model: string;
    /** Calls of models in all. */
    readonly attempts: string;
    /** Lists of models that were given up: of one answered, and of one that failed. */
    readonly fallbacks: string;
    readonly failures: string;
    readonly tokensIn: string;
    readonly tokensOut: string;
    readonly costUsd: string;
    readonly latencyMs: string;
    readonly error: string;
  };
}
