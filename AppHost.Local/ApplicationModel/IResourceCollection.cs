using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

public interface IResourceCollection : IList<IResource>;

internal sealed class ResourceCollection : Collection<IResource>, IResourceCollection
{
    protected override void InsertItem(int index, IResource item)
    {
        if (this.Any(resource => ResourceName.Comparer.Equals(resource.Name, item.Name)))
            throw new DistributedApplicationException(
                $"Cannot add resource '{item.Name}': there is one of that name already. Names do not depend on case.");
        base.InsertItem(index, item);
    }
}

public sealed class DistributedApplicationModel(IResourceCollection resources)
{
    public IResourceCollection Resources => resources;
}
