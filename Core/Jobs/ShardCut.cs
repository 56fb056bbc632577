namespace Platform.Core.Jobs;

/// <summary>How large a shard may become: the work that one worker takes at a time, and that a crash costs at most.</summary>
public sealed record ShardSize(int MaxRows, int MaxBytes);

/// <summary>
/// Cuts rows into shards as they come. It goes by the rows alone, so that the same input is cut the same way however
/// often it is read.
/// </summary>
public sealed class ShardCut(ShardSize size)
{
    private int rows;
    private long bytes;

    /// <summary>Number of the shard that is being filled, from 0.</summary>
    public int Number { get; private set; }

    /// <summary>Number of its first row.</summary>
    public long First { get; private set; }

    public int Rows => rows;

    /// <summary>Whether the shard has to end before a row of that many bytes; a row larger than a shard is one by itself.</summary>
    public bool EndsBefore(int rowBytes) => rows > 0 && (rows == size.MaxRows || bytes + rowBytes > size.MaxBytes);

    public void Add(int rowBytes)
    {
        rows++;
        bytes += rowBytes;
    }

    public void Next()
    {
        First += rows;
        (Number, rows, bytes) = (Number + 1, 0, 0);
    }
}
