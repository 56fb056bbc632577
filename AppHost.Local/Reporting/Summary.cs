using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Parameters;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Spectre.Console;

namespace Aspire.Hosting.Reporting;

/// <summary>The one table that says where everything is, printed once all of it answers.</summary>
internal sealed class Summary(
    DistributedApplicationModel model, ReplicaSet replicas, ResourceNotificationService notifications,
    IConfiguration configuration, UserSecrets secrets, ConsoleLines console)
{
    public async Task PrintWhenHealthyAsync(CancellationToken cancellationToken)
    {
        var services = replicas.All.Where(replica => !ReplicaSet.IsJob(replica.Resource)).ToList();
        foreach (var replica in services)
            await notifications.WaitForResourceAsync(
                replica.Resource.Name,
                change => change.ResourceId == replica.Id && change.Snapshot.HealthStatus is HealthStatus.Healthy,
                cancellationToken);
        var parameters = await ParametersAsync(cancellationToken);
        console.Show(terminal =>
        {
            terminal.Write(Resources());
            foreach (var line in parameters) terminal.MarkupLine(line);
        });
    }

    private Table Resources()
    {
        var table = new Table().RoundedBorder().AddColumns("resource", "address", "state");
        foreach (var resource in model.Resources.Where(ReplicaSet.Runs))
        {
            var states = notifications.Replicas(resource.Name).Select(change => change.Snapshot).ToList();
            var urls = states.SelectMany(snapshot => snapshot.Urls).Where(url => !url.IsInternal).Distinct();
            table.AddRow(Markup.Escape(resource.Name), Markup.Escape(string.Join(Environment.NewLine, urls.Select(Address))), Markup.Escape(State(resource, states)));
        }

        return table;
    }

    private static string Address(UrlSnapshot url) =>
        url.DisplayProperties.DisplayName is { Length: > 0 } text ? $"{url.Url}  {text}"
        : url.Name is { } name and not ("http" or "https") ? $"{url.Url}  {name}"
        : url.Url;

    private static string State(IResource resource, List<CustomResourceSnapshot> states)
    {
        var healthy = states.Count(snapshot => snapshot.HealthStatus is HealthStatus.Healthy);
        if (ReplicaSet.IsJob(resource)) return states.FirstOrDefault()?.State?.Text.ToLowerInvariant() ?? "";
        return states.Count == 1 ? "healthy" : $"{healthy} of {states.Count} healthy";
    }

    private async Task<IReadOnlyList<string>> ParametersAsync(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        foreach (var name in configuration.GetSection("Local:ShowParameters").Get<string[]>() ?? [])
        {
            var parameter = model.Resources.OfType<ParameterResource>().FirstOrDefault(p => ResourceName.Comparer.Equals(p.Name, name))
                ?? throw new DistributedApplicationException($"Local:ShowParameters names '{name}', which is no parameter of this AppHost.");
            var value = await parameter.GetValueAsync(cancellationToken) ?? "";
            lines.Add($"[bold]{Markup.Escape(name)}[/]  {Markup.Escape(value)}");
            lines.Add($"[grey]kept in {Markup.Escape(secrets.FilePath ?? "memory")}; another value: Parameters__{name.Replace('-', '_')}=VALUE[/]");
        }

        return lines;
    }
}
