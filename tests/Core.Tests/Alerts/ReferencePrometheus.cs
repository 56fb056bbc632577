using Platform.Core.Alerts.Machine;

namespace Platform.Core.Tests.Alerts;

/// <summary>
/// Prometheus's alerting written down a second time, the way its own loop goes: mutable, time in whole seconds, series
/// by a plain name. It shares no code with the machine under test.
/// </summary>
internal sealed class ReferencePrometheus
{
    private const long Retention = 15 * 60;
    private const long Resend = 60;
    private const long Grace = 600;
    private readonly SortedDictionary<string, Entry> active = new(StringComparer.Ordinal);

    public long HoldFor { get; set; }

    public long KeepFor { get; set; }

    public int Limit { get; set; }

    public MissingDataPolicy Missing { get; set; }

    /// <summary>"name:state", a line each.</summary>
    public IEnumerable<string> States => active.Select(one => $"{one.Key}:{one.Value.State}:{one.Value.ActiveAt}:{one.Value.ResolvedAt}:{one.Value.KeepSince}");

    public List<string> Evaluate(long ts, IReadOnlyList<(string Name, char Result)> results)
    {
        if (results.Select(result => result.Name).Distinct().Count() < results.Count) return [];
        var present = new HashSet<string>();
        var frozen = new HashSet<string>();
        foreach (var (name, result) in results)
        {
            if (result == '!' || (result == '?' && Missing == MissingDataPolicy.Alert)) present.Add(name);
            if (result == '?' && Missing == MissingDataPolicy.Keep) frozen.Add(name);
        }

        foreach (var name in present)
        {
            if (!active.TryGetValue(name, out var known) || known.State == 'R') active[name] = new Entry { State = 'P', ActiveAt = ts };
        }

        var count = 0;
        foreach (var (name, alert) in active.ToArray())
        {
            if (frozen.Contains(name) && alert.State != 'R')
            {
                count++;
                continue;
            }

            if (present.Contains(name))
            {
                alert.KeepSince = null;
            }
            else
            {
                var keep = false;
                if (alert.State == 'F' && KeepFor > 0)
                {
                    alert.KeepSince ??= ts;
                    keep = ts - alert.KeepSince < KeepFor;
                }

                if (alert.State == 'P' || (alert.State == 'R' && ts - alert.ResolvedAt > Retention)) active.Remove(name);
                if (alert.State != 'R' && !keep) (alert.State, alert.ResolvedAt) = ('R', ts);
                if (!keep) continue;
            }

            count++;
            if (alert.State == 'P' && ts - alert.ActiveAt >= HoldFor) alert.State = 'F';
            else if (alert.State == 'F' && ts - alert.ActiveAt < HoldFor) alert.State = 'P';
        }

        if (Limit > 0 && count > Limit)
        {
            active.Clear();
            return [];
        }

        var sent = new List<string>();
        foreach (var (name, alert) in active)
        {
            if (alert.State == 'P') continue;
            var isNews = alert.SentAt is null || alert.ResolvedAt > alert.SentAt;
            if (!isNews && !(alert.SentAt + Resend < ts)) continue;
            alert.SentAt = ts;
            sent.Add($"{name}:{(alert.State == 'F' ? "firing" : "resolved")}");
        }

        return sent;
    }

    public void Restore(long downAt, long ts)
    {
        if (HoldFor < Grace) return;
        foreach (var alert in active.Values.Where(alert => alert.State == 'P'))
        {
            var spent = downAt - alert.ActiveAt;
            var remaining = HoldFor - spent;
            if (remaining <= 0) continue;
            alert.ActiveAt = remaining < Grace ? ts + Grace - HoldFor : alert.ActiveAt + (ts - downAt);
        }
    }

    private sealed class Entry
    {
        public char State { get; set; }

        public long ActiveAt { get; set; }

        public long? ResolvedAt { get; set; }

        public long? KeepSince { get; set; }

        public long? SentAt { get; set; }
    }
}
