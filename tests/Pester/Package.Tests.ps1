#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# The package that galleries take: unpacked into a folder of modules and imported, and installed from a repository in a folder. Packing takes
# seconds: with ATOMPRONET_TEST=full only.

BeforeDiscovery {
    # What was built last.
    $built = Get-Item "$PSScriptRoot/../../src/AtomProNet.PS/bin/*/net8.0/AtomProNet.PS.dll" -ErrorAction Ignore | Sort-Object LastWriteTime | Select-Object -Last 1
    $script:package = @{ Configuration = $built ? (Split-Path (Split-Path (Split-Path $built.FullName)) -Leaf) : $null }
    $script:packs = $env:ATOMPRONET_TEST -in 'full', 'soak' -and $built -and (Get-Command dotnet -CommandType Application -ErrorAction Ignore)
    # Windows' folder of a user's modules cannot be moved for a test.
    $script:installs = $packs -and -not $IsWindows -and (Get-Module Microsoft.PowerShell.PSResourceGet -ListAvailable)
}

if ($packs) {
    Describe 'The package' -ForEach $package {
        BeforeAll {
            $script:packages = (New-Item (Join-Path $TestDrive 'packages') -ItemType Directory).FullName
            $said = dotnet pack "$PSScriptRoot/../../src/AtomProNet.PS" --configuration $Configuration --no-build --nologo --output $packages 2>&1
            $script:file = Get-Item (Join-Path $packages 'AtomProNet.PS.*.nupkg')
            $file | Should -HaveCount 1 -Because "$said"
            $script:version = (Import-PowerShellDataFile $env:ATOMPRONET_MODULE).ModuleVersion

            # What a fresh process finds in a folder of modules.
            function Invoke-With([string] $Modules, [string] $Script) {
                $text = "`$env:NO_COLOR = '1'; `$ErrorActionPreference = 'Stop'; `$env:PSModulePath = '$Modules' + [IO.Path]::PathSeparator + `$env:PSModulePath`n$Script"
                & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -EncodedCommand ([Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($text))) 2>&1
            }
        }

        It 'is named after the version of the manifest' {
            $file.Name | Should -Be "AtomProNet.PS.$version.nupkg"
        }

        It 'works where it is unpacked into a folder of modules, found by its cmdlets' {
            $modules = Join-Path $TestDrive 'unpacked'
            [IO.Compression.ZipFile]::ExtractToDirectory($file.FullName, (Join-Path $modules "AtomProNet.PS/$version"))
            Invoke-With $modules "(Get-MPStructure Al -Source Bundled).AtomCount; (Get-Module AtomProNet.PS).ModuleBase; (Get-Command -Module AtomProNet.PS).Count" |
                Should -Be '4', (Join-Path $modules "AtomProNet.PS/$version"), (Import-PowerShellDataFile $env:ATOMPRONET_MODULE).CmdletsToExport.Count
        }

        It 'holds the same files as the module' {
            $archive = [IO.Compression.ZipFile]::OpenRead($file.FullName)
            try { $names = $archive.Entries.FullName | ForEach-Object { [uri]::UnescapeDataString($_) } }
            finally { $archive.Dispose() }
            $root = Split-Path $env:ATOMPRONET_MODULE
            $expected = Get-ChildItem $root -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath($root, $_.FullName).Replace('\', '/') }
            $expected | Should -BeIn $names
            # Besides them only what makes it a package.
            $names | Where-Object { $_ -notin $expected -and $_ -notmatch '^(_rels/|package/|\[Content_Types\]\.xml$|AtomProNet\.PS\.nuspec$)' } | Should -BeNullOrEmpty
        }

        if ($installs) {
            It 'is installed by Install-PSResource from a repository in a folder' {
                # With a home of its own: the user's repositories and modules stay as they are.
                $place = (New-Item (Join-Path $TestDrive 'home') -ItemType Directory).FullName
                # Made before: a folder of settings that is not there is taken for the folder that the process is in.
                $null = New-Item (Join-Path $place 'saved'), (Join-Path $place '.local/share') -ItemType Directory
                $before = $env:HOME, $env:XDG_DATA_HOME
                $env:HOME = $place
                $env:XDG_DATA_HOME = Join-Path $place '.local/share'
                try {
                    $said = Invoke-With (Join-Path $place 'saved') @"
Register-PSResourceRepository -Name here -Uri '$packages' -Trusted
Save-PSResource AtomProNet.PS -Repository here -Path '$place/saved' -TrustRepository
(Get-ChildItem '$place/saved/AtomProNet.PS').Name
Install-PSResource AtomProNet.PS -Repository here -TrustRepository -Scope CurrentUser
(Get-InstalledPSResource AtomProNet.PS -Scope CurrentUser | Select-Object -First 1).InstalledLocation
(Get-MPStructure Al -Source Bundled).AtomCount
"@
                }
                finally {
                    $env:HOME, $env:XDG_DATA_HOME = $before
                }

                $said[0] | Should -Be $version -Because ($said -join "`n")
                $said[1] | Should -BeLike "$place*"
                $said[2] | Should -Be '4'
            }
        }
    }
}
