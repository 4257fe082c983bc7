using Vorel.Core.Crm;
using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Model.Mutants;

/// <summary>A way in which the product could be wrong, put between it and what it stands on. This one is the product as it is.</summary>
internal class Mutant
{
    public static Mutant None { get; } = new();

    /// <summary>Whether a message is removed before it is handled.</summary>
    public virtual bool RemovesFirst => false;

    /// <summary>The store that the product gets.</summary>
    public virtual IRowStore Store(IRowStore store) => store;

    /// <summary>The store that writing to the CRM gets, over what the product has.</summary>
    public virtual IRowStore Mirroring(IRowStore store) => store;

    /// <summary>The store that the retention sweep gets, over what the product has.</summary>
    public virtual IRowStore Sweeping(IRowStore store) => store;

    /// <summary>The store that the look at what is stuck gets, over what the product has.</summary>
    public virtual IRowStore Looking(IRowStore store) => store;

    /// <summary>The store that a redrive's slices get, over what the product has.</summary>
    public virtual IRowStore Redriving(IRowStore store) => store;

    /// <summary>The CRM that the product gets.</summary>
    public virtual ICrmDriver Crm(ICrmDriver crm) => crm;

    public override string ToString() => GetType().Name;
}
