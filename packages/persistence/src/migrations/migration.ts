/**
 * One step of the schema. Steps only ever go forward, and a step must leave the previous version of the program working,
 * because old and new processes run side by side during an update.
 */
export interface Migration {
  /** Stable for ever: the database remembers it. The number at its front gives the order. */
  readonly name: string;
  /** Statements, run in one transaction. No question marks: knex would take them for parameters. */
  readonly sql: string;
}
