#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# The module beside other copies of what it needs: lower and higher versions that somebody else loaded first. Both go on working, and
# neither sees the other's.

BeforeDiscovery {
    # Every dependency has been used once by a cmdlet when this has run.
    $script:using = @'
        $frames = Import-Outcar (Join-Path $samples 'al-strain')
        $null = $frames | Export-TrainingSet table.csv                                   # CsvHelper
        $null = $frames | Measure-EquationOfState                                        # MathNet.Numerics
        $null = Get-MPStructure Si -Source Bundled | New-VaspInput runs 3> $null         # YamlDotNet
        $null = Get-DftJob -Offline                                                      # Microsoft.Data.Sqlite and its native library
        if (Test-Path (Join-Path (Split-Path $env:ATOMPRONET_MODULE) 'Dependencies/AtomProNet.SshNet.dll')) {
            Set-Content nobody "Host nobody`n  HostName 127.0.0.1`n  Port 9"
            $null = Register-DftCluster ssh nobody -Transport SshNet -SshConfig nobody
            Connect-DftCluster ssh -ErrorAction SilentlyContinue -ErrorVariable refused  # SSH.NET
            if ("$($refused[0].FullyQualifiedErrorId)" -notlike 'HostConnectionRefused*') { throw "$refused" }
        }
'@

    # The assemblies of packages, restored by a project that is thrown away; nothing where they cannot be had.
    function Get-PackageAssembly([hashtable] $Package) {
        $folder = Join-Path ([IO.Path]::GetTempPath()) "ap-packages-$([IO.Path]::GetRandomFileName())"
        $null = New-Item $folder -ItemType Directory
        try {
            $references = $Package.GetEnumerator() | ForEach-Object { "<PackageReference Include=""$($_.Key)"" Version=""[$($_.Value)]"" />" }
            Set-Content (Join-Path $folder 'foreign.csproj') "<Project Sdk=""Microsoft.NET.Sdk""><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup><ItemGroup>$references</ItemGroup></Project>"
            $null = dotnet restore $folder 2>&1
            if ($LASTEXITCODE -ne 0) { return }
            $assets = Get-Content (Join-Path $folder 'obj/project.assets.json') -Raw | ConvertFrom-Json -AsHashtable
            foreach ($library in $assets.targets['net8.0'].GetEnumerator()) {
                foreach ($file in @($library.Value['runtime'].Keys) -like '*.dll') {
                    [IO.Path]::Combine(@($assets.packageFolders.Keys)[0], $assets.libraries[$library.Key].path, $file)
                }
            }
        }
        finally {
            Remove-Item $folder -Recurse -Force
        }
    }

    $script:sets = @(
        @{ Name = 'lower'; Package = @{ 'CsvHelper' = '27.1.1'; 'MathNet.Numerics' = '4.15.0'; 'Microsoft.Data.Sqlite.Core' = '9.0.0' } }
        @{ Name = 'higher'; Package = @{ 'CsvHelper' = '34.0.0' } }
        @{ Name = 'lower SSH'; Package = @{ 'SSH.NET' = '2024.2.0' } }
    )
    # Restoring takes longer than all the rest: with ATOMPRONET_TEST=full only.
    $script:full = $env:ATOMPRONET_TEST -in 'full', 'soak'
    foreach ($set in $sets) {
        $set.Using = $using
        $set.Assemblies = @(if ($full) { Get-PackageAssembly $set.Package })
        # Where not all can be had, those that can.
        if ($full -and -not $set.Assemblies) {
            $set.Assemblies = @(foreach ($one in $set.Package.GetEnumerator()) { Get-PackageAssembly @{ $one.Key = $one.Value } })
        }
    }
}

Describe 'Beside <Name> versions (<Package.Keys>)' -ForEach $sets {
    It 'works, and lets the others work' -Skip:($Assemblies.Count -eq 0) {
        $folder = New-Item (Join-Path $TestDrive $Name) -ItemType Directory
        $script = @"
            `$ErrorActionPreference = 'Stop'
            `$env:ATOMPRONET_HOME = '$folder/home'
            Set-Location '$folder'
            `$samples = '$PSScriptRoot/../../samples'
            function Use-Foreign {
                foreach (`$assembly in [Runtime.Loader.AssemblyLoadContext]::Default.Assemblies) {
                    switch (`$assembly.GetName().Name) {
                        CsvHelper { if (`$assembly.GetExportedTypes().Count -lt 10) { throw 'CsvHelper' }; "`$_ `$(`$assembly.GetName().Version.Major)" }
                        MathNet.Numerics { if ([Math]::Abs(`$assembly.GetType('MathNet.Numerics.SpecialFunctions').GetMethod('Gamma').Invoke(`$null, @(5.0)) - 24) -gt 1e-9) { throw 'MathNet' }; "`$_ `$(`$assembly.GetName().Version.Major)" }
                        Renci.SshNet { `$null = [Activator]::CreateInstance(`$assembly.GetType('Renci.SshNet.PasswordConnectionInfo'), @('host', 'user', 'none')); "`$_ `$(`$assembly.GetName().Version)" }
                        Microsoft.Data.Sqlite { `$null = [Activator]::CreateInstance(`$assembly.GetType('Microsoft.Data.Sqlite.SqliteConnectionStringBuilder')); "`$_ `$(`$assembly.GetName().Version.Major)" }
                    }
                }
            }
            foreach (`$file in '$($Assemblies -join "','")') { Add-Type -Path `$file -ErrorAction Ignore }
            `$before = Use-Foreign
            Import-Module '$env:ATOMPRONET_MODULE'
            $Using
            `$after = Use-Foreign
            [pscustomobject]@{
                Foreign = @(`$before)
                Same    = "`$before" -eq "`$after"
                Rows    = (Get-Content table.csv).Count
                Crossed = @([Runtime.Loader.AssemblyLoadContext]::Default.Assemblies.Location -like '*AtomProNet.PS?Dependencies*')
                Ours    = @(([Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -eq AtomProNet).Assemblies.ForEach({ `$_.GetName().Name }))
            } | ConvertTo-Json
"@
        $text = & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -EncodedCommand ([Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($script))) 2>&1 | Out-String
        $result = $text | ConvertFrom-Json
        $result.Foreign.Count | Should -BeGreaterThan 0 -Because $text
        $result.Same | Should -BeTrue
        $result.Rows | Should -BeGreaterThan 20
        $result.Crossed | Should -BeNullOrEmpty
        'CsvHelper', 'MathNet.Numerics', 'YamlDotNet', 'Microsoft.Data.Sqlite' | Should -BeIn $result.Ours
        if (Test-Path (Join-Path (Split-Path $env:ATOMPRONET_MODULE) 'Dependencies/AtomProNet.SshNet.dll')) { 'Renci.SshNet' | Should -BeIn $result.Ours }
    }
}

Describe 'By itself' {
    It 'answers no foreign request for what it has loaded, after each was used' -ForEach @{ Using = $using } {
        $folder = New-Item (Join-Path $TestDrive 'alone') -ItemType Directory
        $script = @"
            `$ErrorActionPreference = 'Stop'
            `$env:ATOMPRONET_HOME = '$folder/home'
            Set-Location '$folder'
            `$samples = '$PSScriptRoot/../../samples'
            Import-Module '$env:ATOMPRONET_MODULE'
            $Using
            `$used = ([Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -eq AtomProNet).Assemblies.ForEach({ `$_.GetName().Name })
            "used `$(`$used.Count)"
            foreach (`$name in `$used -ne 'AtomProNet') { try { "found `$([Reflection.Assembly]::Load(`$name))" } catch [IO.FileNotFoundException] { 'none' } }
"@
        $lines = & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -EncodedCommand ([Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($script))) 2>&1
        [int] ("$($lines[0])" -replace 'used ') | Should -BeGreaterThan 4 -Because "$lines"
        $lines | Select-Object -Skip 1 | Select-Object -Unique | Should -Be 'none'
    }
}
