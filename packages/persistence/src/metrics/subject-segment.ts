/**
 * SQL of what results are split by: the property of the first exposure `f`, else the attribute with which the decision of that exposure was
 * taken, where attributes are on record. Lists and objects split nothing; attributes with a NUL cannot be read as JSON by the database.
 *
 * @param name SQL of the name, such as `$5::text`
 */
export function segmentSql(name: string): string {
  return `coalesce(f.segments ->> ${name}, (
    SELECT CASE WHEN json_typeof(a.attributes::json -> ${name}) IN ('string', 'number', 'boolean') THEN a.attributes::json ->> ${name} END
    FROM decisions AS d
    JOIN attribute_sets AS a ON a.environment_id = d.environment_id AND a.subject_id = d.subject_id AND a.digest = d.attributes_digest
    WHERE d.decision_id = f.decision_id AND strpos(a.attributes, '\\u0000') = 0 LIMIT 1
  ))`;
}

/** SQL of everything that {@link segmentSql} finds by any name: a JSON object of texts, `null` where there is nothing. */
export function segmentsSql(): string {
  return `(SELECT json_object_agg(name, segment) FROM (
    SELECT DISTINCT ON (name) name, segment FROM (
      SELECT e.key AS name, e.value AS segment, 1 AS rank FROM json_each_text(f.segments) AS e
      UNION ALL
      SELECT e.key, e.value #>> '{}', 2 FROM (
        SELECT a.attributes FROM decisions AS d
        JOIN attribute_sets AS a ON a.environment_id = d.environment_id AND a.subject_id = d.subject_id AND a.digest = d.attributes_digest
        WHERE d.decision_id = f.decision_id AND strpos(a.attributes, '\\u0000') = 0 LIMIT 1
      ) AS own, json_each(own.attributes::json) AS e
      WHERE json_typeof(e.value) IN ('string', 'number', 'boolean')
    ) AS said WHERE segment IS NOT NULL ORDER BY name, rank
  ) AS first)`;
}
