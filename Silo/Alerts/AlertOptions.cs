using System.ComponentModel.DataAnnotations;

namespace Platform.Silo.Alerts;

/// <summary>How alerts are evaluated and sent.</summary>
internal sealed class AlertOptions
{
    public const string Section = "Alerts";

    /// <summary>Between two evaluations of a rule.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan EvaluationInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a group looks whether it is time to tell.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan FlushTick { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether channels may be on loopback and private addresses.</summary>
    public bool AllowPrivateTargets { get; set; }

    /// <summary>Whether every deployed version gets rules of its own.</summary>
    public bool DefaultRules { get; set; } = true;

    [Range(1, 100_000)]
    public int MaxRules { get; set; } = 5_000;

    [Range(1, 10_000)]
    public int MaxChannels { get; set; } = 200;

    /// <summary>Those that are not over.</summary>
    [Range(1, 10_000)]
    public int MaxSilences { get; set; } = 1_000;

    /// <summary>Alerts that one group holds; more are not taken in.</summary>
    [Range(1, 1_000_000)]
    public int MaxAlertsPerGroup { get; set; } = 20_000;

    /// <summary>How long a channel may take over one notification.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause before a second attempt; it doubles from one to the next, up to a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A notification is tried for its channel's group interval, but no less than this.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan RetryMin { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Where people reach the Api; links in notifications begin with it.</summary>
    public string ExternalUrl { get; set; } = "";
}
