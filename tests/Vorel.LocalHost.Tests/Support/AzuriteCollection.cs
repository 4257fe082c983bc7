using Vorel.Testing;

namespace Vorel.LocalHost.Tests.Support;

/// <summary>The classes that need storage share one Azurite, each with names of its own.</summary>
[CollectionDefinition(Name)]
public sealed class AzuriteCollection : ICollectionFixture<AzuriteFixture>
{
    public const string Name = "azurite";
}
