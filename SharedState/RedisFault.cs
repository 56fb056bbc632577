using StackExchange.Redis;

namespace Platform.SharedState;

/// <summary>Which exceptions mean that Redis does not answer just now, so that hosts need not know its client.</summary>
public static class RedisFault
{
    /// <summary>Whether the exception says that Redis is away, slow or refusing, rather than that we are wrong.</summary>
    public static bool Is(Exception exception) => exception is RedisException or TimeoutException;

    /// <summary>The first words of the client's message; it goes on for a kilobyte of counters.</summary>
    public static string Describe(Exception exception) => exception.Message.Split(',', 2)[0];
}
