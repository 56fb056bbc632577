namespace Platform.Core.Alerts.Rules;

/// <summary>How a rule judges its metric.</summary>
public enum AlertKind
{
    /// <summary>Against a number.</summary>
    Threshold,

    /// <summary>Errors against an objective, over several pairs of windows.</summary>
    BurnRate,

    /// <summary>Against what is usual for the metric at this time of day or week.</summary>
    Anomaly,

    /// <summary>Whether there is anything at all.</summary>
    Absence,
}

public enum AlertSeverity
{
    Info,
    Warning,
    Critical,
}

/// <summary>After how long a metric's rhythm repeats.</summary>
public enum Season
{
    Day,
    Week,
}
