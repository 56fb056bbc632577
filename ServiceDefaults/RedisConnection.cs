using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Platform.ServiceDefaults;

/// <summary>The one connection to Redis of a process.</summary>
public static class RedisConnection
{
    /// <summary>
    /// Registers the connection named <c>ConnectionStrings:redis</c>, keyed as Orleans' providers ask for it and
    /// unkeyed for the shared state. It outlives Redis: it reconnects by itself, and a command fails after three seconds.
    /// </summary>
    /// <exception cref="InvalidOperationException">The connection string is not set.</exception>
    public static void AddRedisConnection(this IHostApplicationBuilder builder, string name = "redis")
    {
        var connectionString = builder.Configuration.GetConnectionString(name)
            ?? throw new InvalidOperationException(
                $"Set ConnectionStrings:{name} (ConnectionStrings__{name}) to the address of Redis, e.g. localhost:6379.");
        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 3_000;
        options.AsyncTimeout = 3_000;
        options.SyncTimeout = 3_000;
        options.KeepAlive = 5;
        options.ReconnectRetryPolicy = new ExponentialRetry(100, 2_000);
        builder.Services.AddKeyedSingleton<IConnectionMultiplexer>(name, (_, _) => ConnectionMultiplexer.Connect(options));
        builder.Services.AddSingleton(services => services.GetRequiredKeyedService<IConnectionMultiplexer>(name));
    }
}
