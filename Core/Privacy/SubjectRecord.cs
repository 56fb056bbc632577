namespace Platform.Core.Privacy;

/// <summary>What is held of a person.</summary>
public enum SubjectRecordKind
{
    /// <summary>A prediction that waits for its label, and what was said of it.</summary>
    Prediction,

    /// <summary>Another name of a prediction: the id in the request's body.</summary>
    Alias,

    /// <summary>Who answered a request.</summary>
    Request,

    /// <summary>A unit of an experiment, or its outcome.</summary>
    Unit,

    /// <summary>A batch job, with its rows and what came of them.</summary>
    Job,
}

/// <summary>One record of a person, by the names under which it is stored.</summary>
/// <param name="Of">The experiment of a unit.</param>
public readonly record struct SubjectRecord(SubjectRecordKind Kind, string Name, string? Of = null)
{
    private const char Separator = ' ';

    public override string ToString() => Of is null ? $"{Kind}{Separator}{Name}" : $"{Kind}{Separator}{Name}{Separator}{Of}";

    /// <summary>Reads what <see cref="ToString"/> wrote; none of the names has a space.</summary>
    public static SubjectRecord Parse(string text)
    {
        var parts = text.Split(Separator);
        return new(Enum.Parse<SubjectRecordKind>(parts[0]), parts[1], parts.Length > 2 ? parts[2] : null);
    }
}
