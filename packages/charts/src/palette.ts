/** Colours of plots; told apart also by those who see no difference of red and green, by lightness. */
export const PALETTE = {
  ink: "#1f2937",
  quiet: "#6b7280",
  line: "#d1d5db",
  faint: "#f3f4f6",
  better: "#15803d",
  worse: "#b91c1c",
  open: "#475569",
  limit: "#dc2626",
  control: "#94a3b8",
  variants: ["#2563eb", "#d97706", "#7c3aed", "#0891b2", "#be185d"],
} as const;

/** What texts are drawn with: whatever the reader's machine has. */
export const FONT = "Inter, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif";
