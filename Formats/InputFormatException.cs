namespace Platform.Formats;

/// <summary>A file is not what it should be. The message says where, what and how to mend it.</summary>
public sealed class InputFormatException(string problem, string fix, long? row = null, string? column = null, Exception? inner = null)
    : Exception(Text(problem, fix, row, column), inner)
{
    /// <summary>From 0; null where the header or the whole file is at fault.</summary>
    public long? Row => row;

    public string? Column => column;

    /// <summary>What the owner of the file can do.</summary>
    public string Fix => fix;

    private static string Text(string problem, string fix, long? row, string? column)
    {
        var where = (row, column) switch
        {
            ({ } number, { } name) => $"Row {number}, column '{name}': ",
            ({ } number, null) => $"Row {number}: ",
            (null, { } name) => $"Column '{name}': ",
            _ => "",
        };
        return $"{where}{problem} {fix}";
    }
}
