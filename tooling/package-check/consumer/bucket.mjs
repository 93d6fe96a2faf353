// Prints a few buckets computed by the installed engine. Run once as Node would, once as a browser would.
import { bucketOf } from "@lotty/engine";

const subjects = ["user-1", "", "Zoë", "用户", "a".repeat(256)];
console.log(JSON.stringify(subjects.map((subject) => bucketOf(subject, "experiment", "allocation"))));
