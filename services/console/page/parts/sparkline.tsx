/** The last minutes as a line; what it says is in its label and in the number beside it. */
interface SparklineProps { readonly values: readonly number[]; readonly label: string; /** What fills the height at least: smaller ups and downs stay flat. */ readonly least?: number }
const width = 300;
const height = 60;

export function Sparkline({ values, label, least = 1 }: SparklineProps) {
  const most = Math.max(least, ...values);
  const step = values.length > 1 ? width / (values.length - 1) : width;
  const points = values.map((value, index) => `${(index * step).toFixed(1)},${(height - 2 - (value / most) * (height - 6)).toFixed(1)}`);
  return (
    <svg class="sparkline" role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none">
      {points.length > 1 && <path class="area" d={`M0,${height} L${points.join(' L')} L${width},${height} Z`} />}
      {points.length > 1 && <path class="line" d={`M${points.join(' L')}`} />}
    </svg>
  );
}
