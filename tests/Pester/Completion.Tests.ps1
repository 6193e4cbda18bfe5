#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# What the Tab key gives. Enums are looked at with each cmdlet (CmdletManners.ps1); here is what a user meets, in one place.

BeforeAll {
    Import-Module $env:ATOMPRONET_MODULE -ErrorAction Stop
    $script:before = $env:ATOMPRONET_HOME
    $env:ATOMPRONET_HOME = Join-Path $TestDrive 'home'
    function Complete([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches }
}

AfterAll {
    $env:ATOMPRONET_HOME = $before
}

Describe 'Tab' {
    It 'gives <Some> after <Line>' -ForEach @(
        @{ Line = 'Import-Structure x -Format '; Some = 'Poscar', 'ExtendedXyz', 'Cif' }
        @{ Line = 'Export-Structure x -Format P'; Some = 'Poscar' }
        @{ Line = 'Export-TrainingSet x -Format '; Some = 'ExtendedXyz', 'DeepMD' }
        @{ Line = 'New-VaspInput x -Preset MP'; Some = 'MPRelax', 'MPStatic' }
        @{ Line = 'New-MlipTrainingInput x -Framework '; Some = 'Mace', 'NequIP', 'Allegro' }
        @{ Line = 'Register-DftCluster x y -Scheduler '; Some = 'Slurm', 'Pbs', 'SGE', 'Lsf', 'Local' }
        @{ Line = 'New-IsolatedAtom A'; Some = 'Al', 'Ar', 'Au' }
        @{ Line = 'New-IsolatedAtom Al,O'; Some = 'O', 'Os' }
        @{ Line = 'Get-MPStructure -Element '; Some = 'H', 'Og' }
        @{ Line = 'Get-MPStructure -ExcludeElement S'; Some = 'S', 'Si', 'Sn' }
        @{ Line = 'New-RattleSeries 3 -Element C'; Some = 'C', 'Ca', 'Cu' }
        @{ Line = 'New-PointDefect -Vacancy O'; Some = 'O' }
        @{ Line = 'Import-Structure POSCAR -Species F'; Some = 'F', 'Fe' }
        @{ Line = 'Get-MPStructure Al'; Some = 'Al2O3', 'AlN' }
        @{ Line = 'Get-OptimadeStructure -Provider '; Some = 'cod', 'oqmd' }
        @{ Line = 'New-LammpsPotential -Kind '; Some = 'eam', 'tersoff', 'mace' }
        @{ Line = 'Get-DftCluster '; Some = 'local' }
        @{ Line = 'Submit-DftJob x -Cluster l'; Some = 'local' }
        @{ Line = 'New-VaspInput x -Incar EN'; Some = 'ENCUT=' }
        @{ Line = 'New-VaspInput x -Incar ENCUT=600,ISM'; Some = 'ISMEAR=' }
        @{ Line = 'New-ConvergenceSeries x -Incar LDAU'; Some = 'LDAUU=', 'LDAUTYPE=' }
    ) {
        $Some | Should -BeIn (Complete $Line).CompletionText
    }

    It 'tells what an INCAR key means' {
        (Complete 'New-VaspInput x -Incar ENCU')[0].ToolTip | Should -BeLike 'ENCUT: cut-off energy of the plane waves, eV*'
        (Complete 'New-VaspInput x -Incar ISME')[0].ToolTip | Should -BeLike 'ISMEAR: smearing *'
    }

    It 'tells what an element, a format and a formula are' {
        (Complete 'New-IsolatedAtom Al')[0].ToolTip | Should -BeLike '13 Alumin*'
        (Complete 'Import-Structure x -Format Posc')[0].ToolTip | Should -BeLike '*POSCAR*'
        (Complete 'Get-MPStructure Al2O').ToolTip | Should -Not -BeNullOrEmpty
    }

    It 'knows the clusters that are registered' {
        $null = Register-DftCluster hpc me@login.example.org -Scheduler Slurm -WorkDirectory /scratch/me
        (Complete 'Get-DftCluster h').CompletionText | Should -Contain 'hpc'
        (Complete 'Test-DftCluster ').CompletionText | Should -Contain 'hpc'
    }

    It 'knows the jobs of the store, and says what they are' -Skip:$IsWindows {
        $null = [IO.Directory]::CreateDirectory("$TestDrive/runs/first")
        [IO.File]::WriteAllText("$TestDrive/runs/first/job.sh", 'exit 0')
        $job = Submit-DftJob -Path "$TestDrive/runs/first" | Wait-DftJob -PollInterval 1
        foreach ($line in 'Get-DftJob ', 'Wait-DftJob ', 'Receive-DftJob ', 'Stop-DftJob ', 'Restart-DftJob ', 'Remove-DftJob ') {
            $found = Complete $line | Where-Object CompletionText -EQ "$($job.Id)"
            $found | Should -HaveCount 1 -Because $line
            $found.ListItemText + $found.ToolTip | Should -BeLike '*first*' -Because $line
        }
    }

    It 'is silent where there is nothing, and where the store is no store' {
        (Complete 'Get-DftJob 99').CompletionText | Where-Object { $_ -match '^\d' } | Should -BeNullOrEmpty
        $env:ATOMPRONET_HOME = Join-Path $TestDrive 'file'
        Set-Content $env:ATOMPRONET_HOME 'no folder'
        foreach ($line in 'Get-DftJob ', 'Get-DftCluster ', 'Wait-DftJob 1') {
            $Error.Clear()
            # What is left is PowerShell's own: names of files.
            (Complete $line).ResultType | Where-Object { $_ -notin 'ProviderItem', 'ProviderContainer' } | Should -Be $(if ($line -match 'Cluster') { 'ParameterValue' })
            $Error | Should -BeNullOrEmpty
        }

        (Complete 'Get-DftCluster ').CompletionText | Should -Contain 'local'
        $env:ATOMPRONET_HOME = Join-Path $TestDrive 'home'
    }
}
