/** The documents about one task, as far as the page shows them. */
import type { Status } from '../../domain/readiness.ts';
import type { RunOutcome } from '../../domain/task/outcomes.ts';

/** Who acted. */
export interface ActorDocument {
  readonly kind: string;
  readonly id: string;
}

/** A task beside another one. */
export interface BriefDocument {
  readonly id: string;
  readonly title: string;
  readonly status: Status;
  readonly assignee: string | null;
}

/** A run; moments are ISO 8601. */
export interface RunDocument {
  readonly id: string;
  readonly attempt: number;
  readonly kind: string;
  readonly claimedBy: string;
  readonly host: string | null;
  readonly claimedAt: string;
  readonly endedAt: string | null;
  readonly endedBy: ActorDocument | null;
  readonly outcome: RunOutcome | null;
  readonly pid: number | null;
  readonly summary: string | null;
  readonly result: string | null;
  readonly reason: string | null;
  readonly error: string | null;
  readonly evidence: Readonly<Record<string, unknown>> | null;
  readonly artifacts: readonly ArtifactDocument[];
  readonly heartbeats: { readonly count: number; readonly maxGapMs: number };
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

/** A file that a run left. */
export interface ArtifactDocument {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** A comment. */
export interface CommentDocument {
  readonly position: number;
  readonly author: string;
  readonly body: string;
  readonly actor: ActorDocument;
  readonly surface: string;
  readonly at: string;
}

/** A task with all that belongs to it. */
export interface TaskDocument extends BriefDocument {
  readonly body: string | null;
  readonly version: number;
  readonly position: number;
  readonly priority: number;
  readonly tenant: string | null;
  readonly branch: string | null;
  readonly skills: readonly string[];
  readonly model: string | null;
  readonly maxRetries: number | null;
  readonly maxRuntimeMs: number | null;
  readonly notBefore: string | null;
  readonly workspace: { readonly kind: string; readonly path?: string };
  readonly summary: string | null;
  readonly result: string | null;
  readonly artifacts: readonly ArtifactDocument[];
  readonly createdBy: string;
  readonly createdAt: string;
  readonly parentTasks: readonly BriefDocument[];
  readonly childTasks: readonly BriefDocument[];
  readonly runs: readonly RunDocument[];
  readonly comments: readonly CommentDocument[];
}

/** Why a task stands where it stands. */
export interface WhyDocument {
  readonly headline: string;
  readonly rule: { readonly name: string; readonly text: string };
  readonly seen: readonly { readonly text: string; readonly position: number | null }[];
  readonly prevention: readonly string[];
  readonly unknown: readonly string[];
  readonly chain: readonly {
    readonly position: number;
    readonly text: string;
    readonly at: string;
  }[];
}

/** Something that is wrong with a task, and the commands that help. */
export interface FindingDocument {
  readonly kind: string;
  readonly severity: string;
  readonly title: string;
  readonly detail: string;
  readonly actions: readonly { readonly command: string; readonly why: string }[];
}
